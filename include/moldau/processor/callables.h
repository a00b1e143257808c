#pragma once

#include "moldau/record/key_value.h"
#include "moldau/record/record.h"
#include "moldau/record/record_metadata.h"
#include "moldau/serde/serde.h"

#include <concepts>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

// How a user's callable meets a record. A unary callable sees the value, a binary one key and
// value. A parameter that is a reference (or a value) is a promise that there is no null: a null
// there is a processing error, NullAccess. A parameter that is a pointer to const sees the null as
// nullptr. A generic parameter counts as a reference.
namespace moldau::inline v0 {

namespace processor {

enum class Pass : std::uint8_t { nothing, reference, pointer };

// What a callable is given of key and value.
struct Binding {
  bool found = false;
  Pass key = Pass::nothing;
  Pass value = Pass::nothing;
};

template <class F, class... Args>
concept CallableWith = requires(F& f, Args&&... args) {
  f(static_cast<Args&&>(args)...);
};

template <class F, class K, class V, class... Lead>
consteval Binding bind() {
  if constexpr (CallableWith<F, Lead..., const V&>) {
    return {true, Pass::nothing, Pass::reference};
  } else if constexpr (CallableWith<F, Lead..., const V*>) {
    return {true, Pass::nothing, Pass::pointer};
  } else if constexpr (CallableWith<F, Lead..., const K&, const V&>) {
    return {true, Pass::reference, Pass::reference};
  } else if constexpr (CallableWith<F, Lead..., const K&, const V*>) {
    return {true, Pass::reference, Pass::pointer};
  } else if constexpr (CallableWith<F, Lead..., const K*, const V&>) {
    return {true, Pass::pointer, Pass::reference};
  } else if constexpr (CallableWith<F, Lead..., const K*, const V*>) {
    return {true, Pass::pointer, Pass::pointer};
  } else {
    return {};
  }
}

// How F takes a K and a V after arguments of the types Lead.
template <class F, class K, class V, class... Lead>
inline constexpr Binding binding = bind<F, K, V, Lead...>();

template <Pass P, class K>
decltype(auto) pass_key(const K* key) {
  if constexpr (P == Pass::pointer) {
    return key;
  } else {
    if (key == nullptr) detail::throw_null_key();
    return static_cast<const K&>(*key);
  }
}

template <Pass P, class V>
decltype(auto) pass_value(const V* value) {
  if constexpr (P == Pass::pointer) {
    return value;
  } else {
    if (value == nullptr) detail::throw_null_value();
    return static_cast<const V&>(*value);
  }
}

// Calls f with the leading arguments, then with what it takes of key and value.
// REQUIRES: binding<F, K, V, Lead...>.found.
template <class K, class V, class F, class... Lead>
decltype(auto) call(F& f, const K* key, const V* value, Lead&&... lead) {
  constexpr Binding how = binding<F, K, V, Lead...>;
  if constexpr (how.key == Pass::nothing) {
    return f(std::forward<Lead>(lead)..., pass_value<how.value>(value));
  } else {
    return f(std::forward<Lead>(lead)..., pass_key<how.key>(key), pass_value<how.value>(value));
  }
}

template <class F, class K, class V>
decltype(auto) call(F& f, const Record<K, V>& record) {
  return call<K, V>(f, record.key_or_null(), record.value_or_null());
}

// Stands for the result of a callable that cannot be called.
struct Unbound {};

template <class F, class K, class V, class... Lead>
consteval auto find_result() {
  if constexpr (binding<F, K, V, Lead...>.found) {
    return std::type_identity<decltype(call<K, V>(std::declval<F&>(), nullptr, nullptr,
                                                  std::declval<Lead>()...))>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}

template <class F, class K, class V, class... Lead>
using CallResult = typename decltype(find_result<F, K, V, Lead...>())::type;

template <class R>
inline constexpr bool is_something = !std::is_void_v<R> && !std::same_as<R, Unbound>;

// What a result is on the edge: a T for T and for std::optional<T>, whose nullopt is a null.
template <class R>
struct EmittedBy {
  using type = R;
};
template <class T>
struct EmittedBy<std::optional<T>> {
  using type = T;
};
template <>
struct EmittedBy<void> {
  using type = Unbound;
};
template <class R>
using Emitted = typename EmittedBy<std::remove_cvref_t<R>>::type;

template <class T>
const T* pointer_to(const T& value) noexcept {
  return &value;
}
template <class T>
const T* pointer_to(const std::optional<T>& value) noexcept {
  return value ? &*value : nullptr;
}

// The parts of a result that is a KeyValue or a std::pair.
template <class R>
struct KeyValueOf {
  static constexpr bool usable = false;
  using Key = Unbound;
  using Value = Unbound;
};
template <class K, class V>
struct KeyValueOf<KeyValue<K, V>> {
  static constexpr bool usable = true;
  using Key = Emitted<K>;
  using Value = Emitted<V>;
};
template <class K, class V>
struct KeyValueOf<std::pair<K, V>> : KeyValueOf<KeyValue<K, V>> {};

template <class K, class V>
const K& key_of(const KeyValue<K, V>& pair) noexcept {
  return pair.key;
}
template <class K, class V>
const V& value_of(const KeyValue<K, V>& pair) noexcept {
  return pair.value;
}
template <class K, class V>
const K& key_of(const std::pair<K, V>& pair) noexcept {
  return pair.first;
}
template <class K, class V>
const V& value_of(const std::pair<K, V>& pair) noexcept {
  return pair.second;
}

// The elements of a range; Unbound if R is none.
template <class R>
consteval auto find_element() {
  if constexpr (requires(R & range) {
                  std::begin(range);
                  std::end(range);
                }) {
    return std::type_identity<std::iter_value_t<decltype(std::begin(std::declval<R&>()))>>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}
template <class R>
using ElementOf = typename decltype(find_element<std::remove_reference_t<R>>())::type;

// True for a null, and for a value that stands for one (NullableSerde).
template <class T>
bool absent(const T* value) {
  if (value == nullptr) return true;
  if constexpr (NullableSerde<T>) return Serde<T>::is_null(*value);
  return false;
}

// The type of what an initializer returns; Unbound if it cannot be called.
template <class I>
consteval auto find_initial() {
  if constexpr (requires(I & initializer) { initializer(); }) {
    return std::type_identity<decltype(std::declval<I&>()())>{};
  } else {
    return std::type_identity<Unbound>{};
  }
}
template <class I>
using InitialOf = Emitted<typename decltype(find_initial<I>())::type>;

}  // namespace processor

// filter(), branch().
template <class F, class K, class V>
concept RecordPredicate = std::convertible_to < processor::CallResult<F, K, V>,
bool > ;

// map_values(): the new value, or an optional of it.
template <class F, class K, class V>
concept ValueMapper = processor::is_something<processor::CallResult<F, K, V>>;

// select_key(), group_by(): the new key, or an optional of it.
template <class F, class K, class V>
concept KeySelector = processor::is_something<processor::CallResult<F, K, V>>;

// join() and left_join() with a global table: one of its keys, or an optional of one.
template <class F, class K, class V, class KG>
concept GlobalKeySelector = std::same_as<processor::Emitted<processor::CallResult<F, K, V>>, KG>;

// map(): a KeyValue or std::pair, of values or optionals.
template <class F, class K, class V>
concept RecordMapper =
    processor::KeyValueOf<std::remove_cvref_t<processor::CallResult<F, K, V>>>::usable;

// flat_map_values(): a range of values or optionals.
template <class F, class K, class V>
concept FlatValueMapper =
    processor::is_something<processor::ElementOf<processor::CallResult<F, K, V>>>;

// flat_map(): a range of KeyValue or std::pair.
template <class F, class K, class V>
concept FlatRecordMapper =
    processor::KeyValueOf<processor::ElementOf<processor::CallResult<F, K, V>>>::usable;

// peek(), for_each().
template <class F, class K, class V>
concept RecordAction = processor::binding<F, K, V>
.found;

// to(): chooses a topic from value, key and value, or the whole record and where it came from.
template <class F, class K, class V>
concept TopicSelector = std::convertible_to<processor::CallResult<F, K, V>, std::string_view> ||
    requires(F& f, const Record<K, V>& record, const RecordMetadata& metadata) {
  { f(record, metadata) } -> std::convertible_to<std::string_view>;
};

// aggregate(): the value of a key before its first record.
template <class F>
concept Initializer = !std::same_as<processor::InitialOf<F>, processor::Unbound>;

// aggregate(), reduce(): the next total from the last one and a record. An empty optional deletes.
template <class F, class K, class V, class Total>
concept Aggregator = std::convertible_to<processor::CallResult<F, K, V, Total>, Total> ||
    std::convertible_to<processor::CallResult<F, K, V, Total>, std::optional<Total>>;

}  // namespace moldau::inline v0
