#include "state/value_layout.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include <cstdint>
#include <string>

namespace moldau::inline v0::state {

namespace {

constexpr std::size_t time_size = sizeof(std::int64_t);

}  // namespace

ChangelogValue to_changelog(ValueLayout layout, Bytes stored, Timestamp fallback) {
  if (layout == ValueLayout::plain) return {stored, fallback};
  if (stored.size() < time_size) {
    throw StateStoreError("a row of a timestamped store starts with " + std::to_string(time_size) +
                          " bytes of time; this one has " + std::to_string(stored.size()) +
                          " bytes in all");
  }
  return {stored.without_first(time_size), Timestamp{load_big_endian<std::int64_t>(stored.data())}};
}

std::size_t stored_size(ValueLayout layout, std::size_t changelog_size) noexcept {
  return layout == ValueLayout::plain ? changelog_size : time_size + changelog_size;
}

void append_stored(ValueLayout layout, const ChangelogValue& from, ByteBuffer& out) {
  if (layout == ValueLayout::timestamped) {
    append_big_endian(out, from.timestamp.milliseconds());
  }
  out.append(from.value);
}

}  // namespace moldau::inline v0::state
