// Rows of window and session stores, made from the keys of their changelogs.

#include "moldau/state/store_spec.h"

#include "fuzz/target.h"
#include "state/row_schema.h"

namespace moldau::fuzz {

void run(Bytes input) {
  Choices choices{input};
  state::StoreSpec spec;
  spec.kind = choices.one_of(2) == 0 ? state::StoreKind::window : state::StoreKind::session;
  spec.type = choices.one_of(2) == 0 ? StoreType::rocksdb : StoreType::in_memory;
  const state::RowSchema schema{spec};
  // A segment is a minute at least, so their numbers are small.
  const auto segment = static_cast<std::int64_t>(choices.number<std::uint64_t>() >> 16U);
  const Bytes changelog_key = choices.rest();
  if (!schema.fits(changelog_key)) return;

  ByteBuffer row = state::start_of_segment(segment);
  row.append(changelog_key);
  ByteBuffer index;
  ByteBuffer again;
  schema.index_row(row, index);
  schema.data_row(index, again);

  require(again == row, "an index row leads back to its row");
  require(row.bytes()[0] < state::behind_data, "a row is one of the data");
  require(index.bytes()[0] >= state::behind_data && index.bytes()[0] < state::behind_index,
          "an index row is one of the index");
  require(schema.key_in_index(index) == schema.key_in(row) &&
              schema.time_in_index(index) == schema.time_in(row) &&
              schema.tail_in_index(index) == schema.tail_in(row),
          "an index row has the parts of its row");
  require(schema.time_in(row) == schema.time_in_changelog_key(changelog_key),
          "a row has the time of its changelog key");
}

}  // namespace moldau::fuzz
