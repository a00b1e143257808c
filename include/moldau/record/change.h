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
  // True if `before` is no row but what a new total started from, which the reference tells as the
  // old value.
  bool before_is_start = false;

  // The same change with other values: of a row that is computed from this one.
  template <class V2>
  [[nodiscard]] Change<V2> with(const V2* new_now, const V2* new_before) const noexcept {
    return {new_now, new_before, latest, before_is_start};
  }
};

}  // namespace moldau::inline v0
