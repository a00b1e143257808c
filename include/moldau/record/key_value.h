#pragma once

namespace moldau::inline v0 {

// A key with its value: what map() and flat_map() make of a record.
template <class K, class V>
struct KeyValue {
  K key;
  V value;

  friend bool operator==(const KeyValue&, const KeyValue&) = default;
};

template <class K, class V>
KeyValue(K, V) -> KeyValue<K, V>;

}  // namespace moldau::inline v0
