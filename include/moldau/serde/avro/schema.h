#pragma once

#include "moldau/export.h"
#include "moldau/serde/schema_registry.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0 {

namespace avro {
struct SchemaTree;
}

// The types of Avro's specification.
enum class AvroKind : std::uint8_t {
  null,
  boolean,
  int32,  // "int"
  int64,  // "long"
  float32,
  float64,  // "double"
  bytes,
  string,
  record,
  enumeration,
  array,
  map,
  union_of,
  fixed,
};

// "null", "boolean", "int": as schemas write it.
[[nodiscard]] MOLDAU_EXPORT std::string_view name(AvroKind kind) noexcept;

struct AvroReference;

// An Avro schema. A value: copies share what was parsed, and nothing changes it. Any thread.
class MOLDAU_EXPORT AvroSchema {
 public:
  // Reads the JSON of a schema. SerdeError says what is wrong and where.
  static AvroSchema parse(std::string_view json);

  // The same for a schema that uses named types of others without defining them. Registered, it
  // refers to where they are registered.
  static AvroSchema parse(std::string_view json, const std::vector<AvroReference>& references);

  // The JSON it was parsed from.
  [[nodiscard]] const std::string& text() const noexcept;

  [[nodiscard]] AvroKind kind() const noexcept;

  // Name with namespace of a record, enum or fixed; empty for other kinds.
  [[nodiscard]] const std::string& full_name() const noexcept;

  // For this library.
  [[nodiscard]] const avro::SchemaTree& tree() const noexcept { return *tree_; }

  friend bool operator==(const AvroSchema& a, const AvroSchema& b) noexcept {
    return a.tree_ == b.tree_ || a.text() == b.text();
  }

 private:
  explicit AvroSchema(std::shared_ptr<const avro::SchemaTree> tree) noexcept;

  std::shared_ptr<const avro::SchemaTree> tree_;  // shared by copies; immutable
};

struct MOLDAU_EXPORT AvroReference {
  AvroSchema schema;
  SchemaReference registered;
};

}  // namespace moldau::inline v0
