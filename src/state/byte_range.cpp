#include "moldau/state/key_value_bytes_store.h"

namespace moldau::inline v0::state {

ByteRange ByteRange::with_prefix(Bytes prefix) {
  ByteRange range;
  range.from.emplace(prefix);
  // The end is the next prefix of the same length or less: the last byte that can grow, grown.
  std::size_t size = prefix.size();
  while (size > 0 && prefix[size - 1] == std::byte{0xff}) --size;
  if (size > 0) {
    range.to.emplace(prefix.first(size));
    std::byte& last = range.to->data()[size - 1];
    last = std::byte(std::to_integer<unsigned>(last) + 1U);
    range.to_exclusive = true;
  }
  return range;
}

bool ByteRange::contains(Bytes key) const {
  if (from && key < from->bytes()) return false;
  if (!to) return true;
  return to_exclusive ? key < to->bytes() : key <= to->bytes();
}

}  // namespace moldau::inline v0::state
