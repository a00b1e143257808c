#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/avro/schema.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::avro {

struct SchemaNode;

struct SchemaField {
  std::string name;
  std::vector<std::string> aliases;
  const SchemaNode* type = nullptr;
  std::optional<ByteBuffer> default_value;  // as Avro bytes of `type`
  std::string default_problem;              // why there is a default, and yet none above
};

// One type of a schema. A named type that is used in several places is one node, so types that
// contain themselves are circles.
struct SchemaNode {
  AvroKind kind = AvroKind::null;
  std::string name;                      // record, enum, fixed: with namespace
  std::vector<std::string> aliases;      // of the name, with namespace
  std::string logical_type;              // "timestamp-millis"; empty for most
  std::vector<SchemaField> fields;       // record
  std::vector<std::string> symbols;      // enum
  std::optional<std::size_t> fallback;   // enum: the symbol that stands for unknown ones
  std::vector<const SchemaNode*> parts;  // array, map: what is in it; union: its branches
  std::size_t size = 0;                  // fixed

  // True if there are values of no bytes at all: how many of them an array has cannot be compared
  // with the bytes that follow.
  bool may_be_empty = false;
};

struct SchemaTree {
  std::string text;
  const SchemaNode* root = nullptr;
  std::vector<std::unique_ptr<SchemaNode>> nodes;
  std::vector<AvroReference> references;  // whose nodes are used in this one
};

// The part behind the last dot.
[[nodiscard]] std::string_view unqualified(std::string_view name) noexcept;

// "record shop.Order", "long", "union": the type as messages call it.
[[nodiscard]] std::string describe(const SchemaNode& node);

}  // namespace moldau::inline v0::avro
