// Changelogs of suppress(), in all forms that the reference has written.

#include "moldau/base/error.h"

#include "fuzz/target.h"
#include "state/buffered_change_format.h"

namespace moldau::fuzz {

void run(Bytes input) {
  Choices choices{input};
  // 0 has no header, 1 to 3 are known, others are not.
  const auto form = static_cast<std::byte>(choices.one_of(6));
  Headers headers;
  if (form != std::byte{0}) headers.add("v", ByteBuffer{Bytes{&form, 1}});
  const Bytes value = choices.rest();
  const Bytes key{std::string_view{"key"}};
  const RawRecord record{.key = key,
                         .value = value,
                         .timestamp = Timestamp{77},
                         .offset = Offset{5},
                         .headers = &headers};

  state::ReadChange read;
  if (!understood<SerdeError>(value, [&] { state::read_buffered_change(record, read); })) return;

  ByteBuffer written;
  state::append_buffered_change(read.change, written);
  Headers headers_again;
  const state::BufferedChange again = state::read_buffered_row(written, headers_again);
  require(again.time == read.change.time && again.prior == read.change.prior &&
              again.before == read.change.before && again.now == read.change.now &&
              headers_again == *read.change.context.headers &&
              again.context.timestamp == read.change.context.timestamp &&
              again.context.metadata.topic == read.change.context.metadata.topic &&
              again.context.metadata.partition == read.change.context.metadata.partition &&
              again.context.metadata.offset == read.change.context.metadata.offset,
          "a change is read as it was written");
}

}  // namespace moldau::fuzz
