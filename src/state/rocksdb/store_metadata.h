#pragma once

#include "moldau/base/bytes.h"
#include "moldau/state/state_store.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace moldau::inline v0::state {

// How a store lies in its RocksDB: one column family, each key behind one byte that says what the
// entry is.
inline constexpr char metadata_prefix = '\x00';
inline constexpr char row_prefix = '\x01';
inline constexpr char behind_row_prefix = '\x02';

// Of the format that this file describes. A store of another number is refused.
inline constexpr std::uint32_t store_format = 1;

inline constexpr std::string_view format_key{
    "\x00"
    "format",
    7};
inline constexpr std::string_view position_key{
    "\x00"
    "position",
    9};
// StorageMap::mark().
inline constexpr std::string_view mark_key{
    "\x00"
    "mark",
    5};

// The value under format_key.
[[nodiscard]] ByteBuffer encode_format(std::uint32_t format);
// nullopt: not written by encode_format().
[[nodiscard]] std::optional<std::uint32_t> decode_format(Bytes bytes);

// The value under position_key: next offset, time of the commit, and the topic id if it is known or
// the offsets of the partitions if there are several.
void encode_position(const ChangelogPosition& position, ByteBuffer& out);
// nullopt: not written by encode_position().
[[nodiscard]] std::optional<ChangelogPosition> decode_position(Bytes bytes);

}  // namespace moldau::inline v0::state
