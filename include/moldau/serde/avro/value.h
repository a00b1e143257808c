#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/avro/schema.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace moldau::inline v0 {

struct AvroEntry;

// A value of any Avro type, for programs that do not know the schema when they are compiled. A
// value of a union is the value itself: which branch it belongs to follows from its type.
//
//   AvroValue order = AvroValue::record("shop.Order", {{"item", "tea"}, {"count", 2}});
//   order["count"].as_int64();   // 2
class MOLDAU_EXPORT AvroValue {
 public:
  struct Symbol {  // of an enum
    std::string text;
    friend bool operator==(const Symbol&, const Symbol&) = default;
  };
  struct Fixed {
    ByteBuffer bytes;
    friend bool operator==(const Fixed&, const Fixed&) = default;
  };
  using Array = std::vector<AvroValue>;
  struct Map {  // in the order of the bytes
    std::vector<AvroEntry> entries;
    friend bool operator==(const Map&, const Map&);
  };
  struct Record {
    std::string name;               // with namespace
    std::vector<AvroEntry> fields;  // in the order of the schema when read, in any when written
    friend bool operator==(const Record&, const Record&);
  };
  using Content = std::variant<std::monostate, bool, std::int32_t, std::int64_t, float, double,
                               ByteBuffer, std::string, Record, Symbol, Array, Map, Fixed>;

  AvroValue() noexcept;  // null
  AvroValue(const AvroValue& other);
  AvroValue(AvroValue&& other) noexcept;
  AvroValue& operator=(const AvroValue& other);
  AvroValue& operator=(AvroValue&& other) noexcept;
  ~AvroValue();

  // NOLINTBEGIN(google-explicit-constructor): values are written down as what they are.
  AvroValue(std::same_as<bool> auto value) : AvroValue(std::in_place_type<bool>, value) {}
  template <std::signed_integral I>
  requires(!std::same_as<I, char> && sizeof(I) <= sizeof(std::int32_t)) AvroValue(I value)
      : AvroValue(std::in_place_type<std::int32_t>, value) {}
  template <std::signed_integral I>
  requires(sizeof(I) > sizeof(std::int32_t)) AvroValue(I value)
      : AvroValue(std::in_place_type<std::int64_t>, value) {}
  AvroValue(float value);
  AvroValue(double value);
  AvroValue(std::string value);
  AvroValue(std::string_view value);
  AvroValue(const char* value);
  AvroValue(ByteBuffer value);
  // NOLINTEND(google-explicit-constructor)
  explicit AvroValue(Content content);

  static AvroValue symbol(std::string text);
  static AvroValue fixed(ByteBuffer bytes);
  static AvroValue array(Array elements);
  static AvroValue map(std::vector<AvroEntry> entries);
  static AvroValue record(std::string name, std::vector<AvroEntry> fields);

  [[nodiscard]] AvroKind kind() const noexcept;  // never union_of
  [[nodiscard]] bool is_null() const noexcept { return kind() == AvroKind::null; }

  // The value as that type; SerdeError, with both types in its message, if it is of another.
  [[nodiscard]] bool as_bool() const;
  [[nodiscard]] std::int64_t as_int64() const;         // of int and long
  [[nodiscard]] double as_double() const;              // of int, long, float and double
  [[nodiscard]] const std::string& as_string() const;  // of string and enum
  [[nodiscard]] Bytes as_bytes() const;                // of bytes and fixed
  [[nodiscard]] const Array& as_array() const;
  [[nodiscard]] const std::vector<AvroEntry>& as_entries() const;  // of map and record

  // The field of a record, the entry of a map; null if there is none. SerdeError for other types.
  [[nodiscard]] const AvroValue* find(std::string_view name) const;
  // The same, but SerdeError if there is none.
  [[nodiscard]] const AvroValue& operator[](std::string_view name) const;

  [[nodiscard]] const Content& content() const noexcept { return content_; }
  [[nodiscard]] Content& content() noexcept { return content_; }

  friend MOLDAU_EXPORT bool operator==(const AvroValue& a, const AvroValue& b);

 private:
  // In the .cpp, because AvroEntry is not complete here.
  AvroValue(std::in_place_type_t<bool>, bool value);
  AvroValue(std::in_place_type_t<std::int32_t>, std::int32_t value);
  AvroValue(std::in_place_type_t<std::int64_t>, std::int64_t value);

  Content content_;
};

// A field of a record or an entry of a map.
struct MOLDAU_EXPORT AvroEntry {
  std::string name;
  AvroValue value;

  friend bool operator==(const AvroEntry&, const AvroEntry&) = default;
};

// A value together with its schema: what a record was written with, whatever that was. Written, it
// keeps its schema, which is registered if need be.
struct GenericAvro {
  std::optional<AvroSchema> schema = {};  // nullopt only before something was read
  AvroValue value = {};

  friend bool operator==(const GenericAvro&, const GenericAvro&) = default;
};

}  // namespace moldau::inline v0
