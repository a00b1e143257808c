#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/list_format.h"
#include "moldau/serde/serde.h"
#include "moldau/serde/uuid.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <vector>

namespace moldau::inline v0 {

namespace detail {

// The element types that the reference writes without a length in front of each, with their size on
// the wire. Every other type has 0: its elements carry their length.
template <class T>
inline constexpr std::size_t constant_list_element = 0;
template <>
inline constexpr std::size_t constant_list_element<std::int16_t> = 2;
template <>
inline constexpr std::size_t constant_list_element<std::int32_t> = 4;
template <>
inline constexpr std::size_t constant_list_element<std::int64_t> = 8;
template <>
inline constexpr std::size_t constant_list_element<float> = 4;
template <>
inline constexpr std::size_t constant_list_element<double> = 8;
template <>
inline constexpr std::size_t constant_list_element<Uuid> = 36;
template <class T>
inline constexpr std::size_t constant_list_element<std::optional<T>> = constant_list_element<T>;

template <class T>
bool is_null_element(const T& element) {
  if constexpr (NullableSerde<T>) {
    return Serde<T>::is_null(element);
  } else {
    return false;
  }
}

template <class T>
void read_list_element(ListReader& reader, T& element) {
  if (const std::optional<Bytes> bytes = reader.next()) {
    Serde<T>::deserialize(*bytes, element);
  } else if constexpr (NullableSerde<T>) {
    Serde<T>::set_null(element);
  } else {
    reader.throw_null_element();
  }
}

}  // namespace detail

// A list as the reference's ListSerde writes it. Elements that may be null need a type that can
// stand for null, such as std::optional: std::vector<std::optional<std::string>>; a null read into
// any other element is a SerdeError. (std::vector<std::byte> is no list but plain bytes:
// raw_bytes.h.)
//
// Beware when Java reads the list: it refuses one whose last element has no bytes, for example an
// empty string. Here that is read.
template <Serializable T>
struct Serde<std::vector<T>> {
  static void serialize(const std::vector<T>& list, ByteBuffer& out) {
    detail::ListWriter writer{out, list.size(), detail::constant_list_element<T>};
    if constexpr (NullableSerde<T> && detail::constant_list_element<T> != 0) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        if (detail::is_null_element(list[i])) writer.null_position(i);
      }
    }
    writer.start_elements();
    for (const T& element : list) {
      if (detail::is_null_element(element)) {
        writer.null_element();
      } else {
        writer.start_element();
        Serde<T>::serialize(element, out);
        writer.finish_element();
      }
    }
  }

  static void deserialize(Bytes bytes, std::vector<T>& list) {
    detail::ListReader reader{bytes, detail::constant_list_element<T>};
    list.resize(reader.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      if constexpr (std::is_same_v<T, bool>) {
        bool element = false;  // std::vector<bool> has no bool to refer to
        detail::read_list_element(reader, element);
        list[i] = element;
      } else {
        detail::read_list_element(reader, list[i]);
      }
    }
    reader.finish();
  }
};

}  // namespace moldau::inline v0
