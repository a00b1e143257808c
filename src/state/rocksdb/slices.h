#pragma once

#include "moldau/base/bytes.h"

#include <rocksdb/slice.h>

#include <string_view>

namespace moldau::inline v0::state {

// RocksDB's views of bytes as ours, and the other way round.
inline rocksdb::Slice slice(Bytes bytes) noexcept { return {bytes.text().data(), bytes.size()}; }
inline rocksdb::Slice slice(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline Bytes bytes_of(const rocksdb::Slice& slice) noexcept { return {slice.data(), slice.size()}; }

}  // namespace moldau::inline v0::state
