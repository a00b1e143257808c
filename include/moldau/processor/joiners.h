#pragma once

#include "moldau/processor/callables.h"
#include "moldau/record/record.h"

#include <cstdint>
#include <type_traits>
#include <utility>

// How a user's joiner meets the two values of a join. A side that may be missing is a pointer, null
// if it is missing; the other side is a reference. A third parameter in front is the key, as a
// reference or, for joins that accept records without a key, as a pointer.
namespace moldau::inline v0 {

namespace processor {

// Which records of the two sides appear in results without a match.
enum class JoinKind : std::uint8_t { inner, left, outer };

// What a joiner of values V1 and V2 is given.
template <JoinKind kind, class V1, class V2>
struct JoinArguments {
  using Left = std::conditional_t<kind == JoinKind::outer, const V1*, const V1&>;
  using Right = std::conditional_t<kind == JoinKind::inner, const V2&, const V2*>;
};

struct JoinerBinding {
  bool found = false;
  Pass key = Pass::nothing;
};

template <class F, class K, class Left, class Right>
consteval JoinerBinding bind_joiner() {
  if constexpr (CallableWith<F, Left, Right>) {
    return {true, Pass::nothing};
  } else if constexpr (CallableWith<F, const K&, Left, Right>) {
    return {true, Pass::reference};
  } else if constexpr (CallableWith<F, const K*, Left, Right>) {
    return {true, Pass::pointer};
  } else {
    return {};
  }
}

template <class Argument, class V>
Argument pass_joined(const V* value) {
  if constexpr (std::is_pointer_v<Argument>) {
    return value;
  } else {
    return *value;
  }
}

// Calls a joiner. `left` and `right` are null only where the kind of join allows it.
// REQUIRES: bind_joiner() finds how.
template <JoinKind kind, class K, class V1, class V2, class F>
decltype(auto) call_joiner(F& joiner, const K* key, const V1* left, const V2* right) {
  using Left = typename JoinArguments<kind, V1, V2>::Left;
  using Right = typename JoinArguments<kind, V1, V2>::Right;
  constexpr JoinerBinding how = bind_joiner<F, K, Left, Right>();
  if constexpr (how.key == Pass::nothing) {
    return joiner(pass_joined<Left>(left), pass_joined<Right>(right));
  } else {
    return joiner(pass_key<how.key>(key), pass_joined<Left>(left), pass_joined<Right>(right));
  }
}

template <JoinKind kind, class F, class K, class V1, class V2>
consteval auto find_join_result() {
  using Arguments = JoinArguments<kind, V1, V2>;
  if constexpr (bind_joiner<F, K, typename Arguments::Left, typename Arguments::Right>().found) {
    return std::type_identity<decltype(call_joiner<kind, K, V1, V2>(std::declval<F&>(), nullptr,
                                                                    nullptr, nullptr))>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}

template <JoinKind kind, class F, class K, class V1, class V2>
using JoinResult = typename decltype(find_join_result<kind, F, K, V1, V2>())::type;

}  // namespace processor

// join(), left_join(), outer_join(): the joined value, or an optional of it.
template <class F, processor::JoinKind kind, class K, class V1, class V2>
concept Joiner = processor::is_something<processor::JoinResult<kind, F, K, V1, V2>>;

}  // namespace moldau::inline v0
