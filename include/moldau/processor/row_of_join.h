#pragma once

#include "moldau/processor/joiners.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace moldau::inline v0::processor {

// True if a join of two tables has a row for a key that these sides have a row for.
constexpr bool has_joined_row(JoinKind kind, bool left, bool right) noexcept {
  if (kind == JoinKind::outer) return left || right;
  return left && (right || kind == JoinKind::left);
}

// The row that a join has for two others, either of which may be missing. Owned by a node and made
// again and again: a row that the joiner gives by reference is copied into the memory of the last.
template <class R>
class RowOfJoin {
 public:
  // nullptr if there is none: the kind of join has none for these two, or the joiner says so.
  // Valid until the next call.
  template <JoinKind kind, class K, class V1, class V2, class F>
  R* join(F& joiner, const K& key, const V1* left, const V2* right) {
    if (!has_joined_row(kind, left != nullptr, right != nullptr)) return nullptr;
    return keep(call_joiner<kind, K, V1, V2>(joiner, &key, left, right));
  }

 private:
  template <class Result>
  R* keep(Result&& result) {
    if constexpr (std::is_assignable_v<R&, Result&&>) {
      if (row_) {
        *row_ = std::forward<Result>(result);
        return &*row_;
      }
    }
    return &row_.emplace(std::forward<Result>(result));
  }
  R* keep(std::optional<R>&& result) { return result ? keep(*std::move(result)) : nullptr; }
  R* keep(const std::optional<R>& result) { return result ? keep(*result) : nullptr; }
  R* keep(std::optional<R>& result) { return keep(std::as_const(result)); }

  std::optional<R> row_;
};

}  // namespace moldau::inline v0::processor
