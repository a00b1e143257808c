#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"
#include "moldau/serde/schema_registry.h"
#include "moldau/serde/serde.h"

#include <memory>
#include <string>

namespace moldau {

template <class T>
ByteBuffer written_by(const std::shared_ptr<const SerdeInstance<T>>& serde, const T& value) {
  ByteBuffer out;
  serde->serialize(value, out);
  return out;
}

// Reads from a copy of exactly that size, so that a sanitizer sees a read past the end.
template <class T>
T read_by(const std::shared_ptr<const SerdeInstance<T>>& serde, Bytes bytes, T value = {}) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  bytes.text().copy(copy.get(), bytes.size());
  serde->deserialize(Bytes{copy.get(), bytes.size()}, value);
  return value;
}

// The message of the error that `call` throws; "nothing thrown" if it does not.
template <class E = Error, class Call>
std::string failure_of(Call call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing thrown";
}

inline RegistrySerdeOptions orders() { return {.topic = "orders"}; }

}  // namespace moldau
