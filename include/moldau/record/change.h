#pragma once

namespace moldau::inline v0 {

// What flows on the edge of a table: the row as it is now and as it was before. Pointers, because a
// row may be absent on either side; valid as long as the record that carries the change.
template <class V>
struct Change {
  const V* now = nullptr;  // null: the row is deleted
  // Filled only if something below asked for old values; null otherwise, and if there was no row.
  const V* before = nullptr;
  // False for an out-of-order update of a versioned table: history changed, the current row did
  // not.
  bool latest = true;
};

}  // namespace moldau::inline v0
