#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"

#include <cstddef>
#include <cstdint>

namespace moldau::inline v0::state {

// How the rows of segmented stores lie in their map, in the order of their first byte:
//
//   00..7f  data   segment (8), then the key of the changelog:
//                    window    key, start (8), sequence (4)
//                    session   key, end (8), start (8)
//                    versioned key
//   80..bf  index  by time: segment (8) with its highest bit set, then
//                    window    start (8), key, sequence (4)
//                    session   end (8), key, start (8), or end (8), start (8), key
//   c0      what the store remembers of itself
//   ff      latest versions: ff (8), key

inline constexpr std::size_t segment_size = 8;
inline constexpr std::size_t window_suffix_size = 8 + 4;
inline constexpr std::size_t session_suffix_size = 8 + 8;
inline constexpr std::size_t time_size = 8;

inline constexpr std::uint64_t index_mark = std::uint64_t{1} << 63;
inline constexpr std::byte behind_data{0x80};
inline constexpr std::byte behind_index{0xc0};

inline void append_time(ByteBuffer& out, Timestamp time) {
  append_big_endian(out, time.milliseconds());
}
[[nodiscard]] inline Timestamp load_time(Bytes bytes, std::size_t at) noexcept {
  return Timestamp{load_big_endian<std::int64_t>(bytes.data() + at)};
}
[[nodiscard]] inline std::int64_t segment_in(Bytes row) noexcept {
  return load_big_endian<std::int64_t>(row.data());
}
[[nodiscard]] inline std::int64_t indexed_segment_in(Bytes row) noexcept {
  return static_cast<std::int64_t>(load_big_endian<std::uint64_t>(row.data()) & ~index_mark);
}
inline void append_indexed_segment(ByteBuffer& out, std::int64_t segment) {
  append_big_endian(out, static_cast<std::uint64_t>(segment) | index_mark);
}

// Comes before every row of the segment.
[[nodiscard]] inline ByteBuffer start_of_segment(std::int64_t segment) {
  ByteBuffer key;
  append_big_endian(key, segment);
  return key;
}
[[nodiscard]] inline ByteBuffer start_of_indexed(std::int64_t segment) {
  ByteBuffer key;
  append_indexed_segment(key, segment);
  return key;
}

}  // namespace moldau::inline v0::state
