#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"
#include "moldau/serde/serde.h"

#include "golden/hex.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

namespace moldau {

template <class T>
ByteBuffer written(const T& value) {
  ByteBuffer out;
  Serde<T>::serialize(value, out);
  return out;
}

template <class T>
std::string written_hex(const T& value) {
  return to_hex(written(value));
}

// Reads from a copy of exactly that size, so that a sanitizer sees a read past the end.
template <class T>
T read_from(Bytes bytes, T value = {}) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  bytes.text().copy(copy.get(), bytes.size());
  Serde<T>::deserialize(Bytes{copy.get(), bytes.size()}, value);
  return value;
}

template <class T>
T read_hex(std::string_view hex) {
  return read_from<T>(from_hex(hex));
}

// The message of the SerdeError that reading throws; "nothing thrown" if it does not.
template <class T>
std::string read_failure(std::string_view hex) {
  try {
    static_cast<void>(read_hex<T>(hex));
  } catch (const SerdeError& error) {
    return error.what();
  }
  return "nothing thrown";
}

// Expects a SerdeError for every proper beginning of the bytes of `value`.
template <class T>
void expect_truncations_fail(const T& value) {
  const ByteBuffer whole = written(value);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(static_cast<void>(read_from<T>(whole.bytes().first(size))), SerdeError)
        << size << " of the bytes " << to_hex(whole);
  }
}

}  // namespace moldau
