#pragma once

#include "moldau/processor/joiners.h"

#include <optional>

namespace moldau::inline v0::processor {

// True if a join of two tables has a row for a key that these sides have a row for.
constexpr bool has_joined_row(JoinKind kind, bool left, bool right) noexcept {
  if (kind == JoinKind::outer) return left || right;
  return left && (right || kind == JoinKind::left);
}

// The row that a join has for these two, either of which may be missing. nullopt if it has none, or
// if the joiner says so.
template <JoinKind kind, class R, class K, class V1, class V2, class F>
std::optional<R> join_rows(F& joiner, const K& key, const V1* left, const V2* right) {
  if (!has_joined_row(kind, left != nullptr, right != nullptr)) return std::nullopt;
  return std::optional<R>(call_joiner<kind, K, V1, V2>(joiner, &key, left, right));
}

}  // namespace moldau::inline v0::processor
