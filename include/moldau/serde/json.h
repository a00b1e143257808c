#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/json_limits.h"
#include "moldau/serde/serde.h"

#include <nlohmann/json.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

// JSON serdes, through nlohmann::json. Not part of moldau.h: including this header costs seconds of
// compile time.

namespace moldau::inline v0 {

namespace detail {

// In the header, so that the user's version of the library does the work and no symbol of moldau
// depends on it.
inline nlohmann::json parse_json(Bytes text, const JsonLimits& limits) {
  check_json_limits(text, limits);
  try {
    return nlohmann::json::parse(text.text());
  } catch (const nlohmann::json::parse_error& error) {
    throw_invalid_json(error.byte, text.size());
  } catch (const nlohmann::json::out_of_range&) {
    throw_json_mismatch("expected numbers that a double can hold, found one beyond its range");
  }
}

inline void write_json(const nlohmann::json& value, const JsonLimits& limits, ByteBuffer& out) {
  try {
    const std::string text = value.dump();
    check_json_limits(Bytes{std::string_view{text}}, limits);
    out.append(Bytes{std::string_view{text}});
  } catch (const nlohmann::json::exception& error) {  // a string in it is not UTF-8
    throw_json_mismatch(error.what());
  }
}

template <class T>
void write_as_json(const T& value, const JsonLimits& limits, ByteBuffer& out) {
  if constexpr (std::same_as<T, nlohmann::json>) {
    write_json(value, limits, out);
  } else {
    try {
      write_json(nlohmann::json(value), limits, out);
    } catch (const nlohmann::json::exception& error) {
      throw_json_mismatch(error.what());
    }
  }
}

template <class T>
void read_as_json(Bytes text, const JsonLimits& limits, T& value) {
  if constexpr (std::same_as<T, nlohmann::json>) {
    value = parse_json(text, limits);
  } else {
    const nlohmann::json json = parse_json(text, limits);
    try {
      // A new T, not the old one filled again: from_json may leave out what the text leaves out.
      value = json.get<T>();
    } catch (const nlohmann::json::exception& error) {
      throw_json_mismatch(error.what());
    }
  }
}

}  // namespace detail

// A serde for a type that nlohmann::json can convert (to_json and from_json beside the type, or one
// of its NLOHMANN_DEFINE_TYPE macros). Opt in for each type:
//
//   template <> struct moldau::Serde<Order> : moldau::JsonSerde<Order> {};
//
// Writes compact text in UTF-8, keys in alphabetical order. SerdeError for text that is not JSON,
// that from_json refuses, or that passes the default JsonLimits.
template <class T>
struct JsonSerde {
  static void serialize(const T& value, ByteBuffer& out) {
    detail::write_as_json(value, JsonLimits{}, out);
  }
  static void deserialize(Bytes bytes, T& value) {
    detail::read_as_json(bytes, JsonLimits{}, value);
  }
};

// Any JSON value. The JSON `null` is a value here, four bytes of text, and not Kafka's null.
template <>
struct Serde<nlohmann::json> : JsonSerde<nlohmann::json> {};

// A JSON serde with limits of its own, to be given to an operator or a topic:
// `{.value_serde = moldau::json_serde<Order>({.max_bytes = 1 << 20})}`. Needs no opt-in.
template <class T>
[[nodiscard]] std::shared_ptr<const SerdeInstance<T>> json_serde(JsonLimits limits) {
  class Instance final : public SerdeInstance<T> {
   public:
    explicit Instance(JsonLimits own_limits) : limits_(own_limits) {}
    void serialize(const T& value, ByteBuffer& out) const override {
      detail::write_as_json(value, limits_, out);
    }
    void deserialize(Bytes bytes, T& value) const override {
      detail::read_as_json(bytes, limits_, value);
    }

   private:
    JsonLimits limits_;
  };
  return std::make_shared<Instance>(limits);
}

}  // namespace moldau::inline v0
