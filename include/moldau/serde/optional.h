#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/serde.h"

#include <optional>

namespace moldau::inline v0 {

// nullopt stands for Kafka's null; a value is written as T writes it. For values that may be null,
// such as the elements of a list, or a stream whose operators must see nulls as values.
template <class T>
requires(Serializable<T> && !NullableSerde<T>) struct Serde<std::optional<T>> {
  static bool is_null(const std::optional<T>& value) { return !value.has_value(); }
  static void set_null(std::optional<T>& value) { value.reset(); }
  // REQUIRES: value.has_value().
  static void serialize(const std::optional<T>& value, ByteBuffer& out) {
    Serde<T>::serialize(*value, out);
  }
  static void deserialize(Bytes bytes, std::optional<T>& value) {
    if (!value.has_value()) value.emplace();
    Serde<T>::deserialize(bytes, *value);
  }
};

}  // namespace moldau::inline v0
