#include "state/restored_rows.h"

#include "moldau/base/error.h"
#include "moldau/state/value_layout.h"

#include <cstddef>
#include <string>

namespace moldau::inline v0::state {

RestoredRows::RestoredRows(const StoreSpec& spec, std::span<const RawRecord> changelog)
    : spec_(spec) {
  std::size_t size = 0;
  for (const RawRecord& record : changelog) {
    if (record.value) size += stored_size(spec.layout, record.value->size(), *record.headers);
  }
  values_.reserve(size);
}

Bytes RestoredRows::key(const RawRecord& record) const {
  if (record.key) return *record.key;
  throw StateStoreError("store \"" + spec_.name + "\": the changelog record at offset " +
                        std::to_string(record.offset.value()) +
                        " has no key. Something other than this application writes to the "
                        "changelog topic; remove that writer, then the record");
}

std::optional<Bytes> RestoredRows::value(const RawRecord& record) {
  if (!record.value) return std::nullopt;
  const std::size_t start = values_.size();
  append_stored(spec_.layout, *record.value, record.timestamp, *record.headers, values_);
  return values_.bytes().without_first(start);
}

}  // namespace moldau::inline v0::state
