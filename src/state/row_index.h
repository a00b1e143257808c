#pragma once

#include "moldau/base/bytes.h"
#include "moldau/state/key_value_bytes_store.h"

#include "state/row.h"

#include <absl/container/btree_set.h>

#include <cstdint>

namespace moldau::inline v0::state {

// Rows that somebody else owns, in the order of their keys. Used on one thread.
class RowIndex {
 public:
  // A row with that key must not be in the index yet.
  void add(const Row& row);
  void remove(const Row& row);
  void clear();
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }

  // Grows whenever rows come or go: a RowCursor that has seen another version must seek again.
  [[nodiscard]] std::uint64_t version() const noexcept { return version_; }

 private:
  friend class RowCursor;
  struct ByKey {
    using is_transparent = void;
    static Bytes key(Bytes bytes) noexcept { return bytes; }
    static Bytes key(const Row* row) noexcept { return row->key(); }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const noexcept {
      return key(a) < key(b);
    }
  };
  using Rows = absl::btree_set<const Row*, ByKey>;

  Rows rows_;
  std::uint64_t version_ = 0;
};

// Goes over the rows of an index within a range. Rows may come, go and change meanwhile.
// Must not outlive the index nor the range.
class RowCursor {
 public:
  RowCursor(const RowIndex& index, const ByteRange& range, Direction direction);

  // The row to come, nullptr at the end. `last` is the key the caller has got to, nullopt at the
  // start: rows that came up to there are not looked at.
  [[nodiscard]] const Row* peek(std::optional<Bytes> last);
  // REQUIRES: peek() gave a row, and the index is as it was then.
  void advance();

 private:
  [[nodiscard]] bool forward() const noexcept { return direction_ == Direction::forward; }
  void seek(std::optional<Bytes> last);

  const RowIndex& index_;
  const ByteRange& range_;
  Direction direction_;
  std::uint64_t version_;
  // Forward: the row to come. Backward: the one behind it, as with std::reverse_iterator.
  RowIndex::Rows::const_iterator at_;
};

}  // namespace moldau::inline v0::state
