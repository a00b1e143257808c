#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/state/store_spec.h"

#include "state/row_key.h"

#include <cstddef>

namespace moldau::inline v0::state {

// What the keys of a window or session store are made of (row_key.h): the user's key, the time that
// decides about the segment, and a tail that tells rows of equal key and time apart.
class RowSchema {
 public:
  explicit RowSchema(const StoreSpec& spec) noexcept
      : tail_size_(spec.kind == StoreKind::window ? window_suffix_size - time_size
                                                  : session_suffix_size - time_size),
        // The reference orders sessions by start before key on disk, the other way in memory.
        tail_before_key_(spec.kind == StoreKind::session && spec.type == StoreType::rocksdb) {}

  // Of a key of the changelog.
  [[nodiscard]] bool fits(Bytes changelog_key) const noexcept {
    return changelog_key.size() >= suffix_size();
  }
  [[nodiscard]] Timestamp time_in_changelog_key(Bytes key) const noexcept {
    return load_time(key, key.size() - suffix_size());
  }

  // Of a data row.
  [[nodiscard]] Timestamp time_in(Bytes row) const noexcept { return time_in_changelog_key(row); }
  [[nodiscard]] Bytes key_in(Bytes row) const noexcept {
    return row.without_first(segment_size).first(row.size() - segment_size - suffix_size());
  }
  [[nodiscard]] Bytes tail_in(Bytes row) const noexcept { return row.last(tail_size_); }

  [[nodiscard]] std::size_t tail_size() const noexcept { return tail_size_; }

  // Of an index row.
  [[nodiscard]] Bytes key_in_index(Bytes row) const noexcept {
    const Bytes rest = row.without_first(segment_size + time_size);
    const std::size_t size = rest.size() - tail_size_;
    return tail_before_key_ ? rest.last(size) : rest.first(size);
  }
  [[nodiscard]] Bytes tail_in_index(Bytes row) const noexcept {
    const Bytes rest = row.without_first(segment_size + time_size);
    return tail_before_key_ ? rest.first(tail_size_) : rest.last(tail_size_);
  }
  [[nodiscard]] Timestamp time_in_index(Bytes row) const noexcept {
    return load_time(row, segment_size);
  }

  // Each replaces `out` by the row of the same entry.
  void index_row(Bytes data_row, ByteBuffer& out) const;
  void data_row(Bytes index_row, ByteBuffer& out) const;

 private:
  [[nodiscard]] std::size_t suffix_size() const noexcept { return time_size + tail_size_; }

  std::size_t tail_size_;
  bool tail_before_key_;
};

}  // namespace moldau::inline v0::state
