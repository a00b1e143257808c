#include "moldau/base/murmur2.h"

#include <bit>
#include <cstddef>

namespace moldau::inline v0 {

namespace {

constexpr std::uint32_t kafkas_seed = 0x9747b28c;
constexpr std::uint32_t multiplier = 0x5bd1e995;
constexpr unsigned rotation = 24;

std::uint32_t byte_at(Bytes bytes, std::size_t index) noexcept {
  return std::to_integer<std::uint32_t>(bytes[index]);
}

}  // namespace

std::uint32_t murmur2(Bytes bytes) noexcept {
  const std::size_t length = bytes.size();
  std::uint32_t hash = kafkas_seed ^ static_cast<std::uint32_t>(length);
  std::size_t at = 0;
  for (; at + 4 <= length; at += 4) {
    std::uint32_t word = byte_at(bytes, at) | byte_at(bytes, at + 1) << 8U |
                         byte_at(bytes, at + 2) << 16U | byte_at(bytes, at + 3) << 24U;
    word *= multiplier;
    word ^= word >> rotation;
    word *= multiplier;
    hash *= multiplier;
    hash ^= word;
  }
  const std::size_t rest = length - at;
  if (rest == 3) hash ^= byte_at(bytes, at + 2) << 16U;
  if (rest >= 2) hash ^= byte_at(bytes, at + 1) << 8U;
  if (rest >= 1) {
    hash ^= byte_at(bytes, at);
    hash *= multiplier;
  }
  hash ^= hash >> 13U;
  hash *= multiplier;
  hash ^= hash >> 15U;
  return hash;
}

PartitionId partition_for_key(Bytes key, std::int32_t partitions) noexcept {
  const auto positive = static_cast<std::int32_t>(murmur2(key) & 0x7fffffffU);
  return PartitionId{positive % partitions};
}

}  // namespace moldau::inline v0
