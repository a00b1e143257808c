#include "moldau/base/error.h"

#include "schema_registry/avro/encoder.h"
#include "schema_registry/avro/primitives.h"
#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/wire_format.h"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

namespace moldau::inline v0::avro {

namespace {

using schema_registry::write_varint;

[[noreturn]] void throw_other_type(const SchemaNode& schema, const AvroValue& value) {
  throw SerdeError("Avro: expected a value of type " + describe(schema) + ", found " +
                   std::string{name(value.kind())});
}

// As the schema's own type, or as one that the value can be converted to without loss.
bool exact(const SchemaNode& schema, const AvroValue& value) {
  if (schema.kind != value.kind()) return false;
  if (schema.kind == AvroKind::enumeration) {
    return std::find(schema.symbols.begin(), schema.symbols.end(), value.as_string()) !=
           schema.symbols.end();
  }
  if (schema.kind == AvroKind::fixed) return value.as_bytes().size() == schema.size;
  if (schema.kind == AvroKind::record) {
    const std::string& own = std::get<AvroValue::Record>(value.content()).name;
    return own.empty() || own == schema.name || own == unqualified(schema.name);
  }
  return true;
}

bool convertible(AvroKind from, AvroKind to) {
  return (from == AvroKind::int32 && to == AvroKind::int64) ||
         (from == AvroKind::int32 && to == AvroKind::float64) ||
         (from == AvroKind::float32 && to == AvroKind::float64);
}

void write_union(const SchemaNode& schema, const AvroValue& value, ByteBuffer& out,
                 std::size_t depth) {
  const auto& parts = schema.parts;
  auto branch = std::find_if(parts.begin(), parts.end(),
                             [&](const SchemaNode* part) { return exact(*part, value); });
  if (branch == parts.end()) {
    branch = std::find_if(parts.begin(), parts.end(), [&](const SchemaNode* part) {
      return convertible(value.kind(), part->kind);
    });
  }
  if (branch == parts.end()) throw_other_type(schema, value);
  write_varint(branch - parts.begin(), out);
  write_value(**branch, value, out, depth);
}

void write_record(const SchemaNode& schema, const AvroValue& value, ByteBuffer& out,
                  std::size_t depth) {
  const std::vector<AvroEntry>& entries = std::get<AvroValue::Record>(value.content()).fields;
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const SchemaField& field = schema.fields[i];
    // Values that were read have their fields in the schema's order.
    const AvroValue* found = i < entries.size() && entries[i].name == field.name
                                 ? &entries[i].value
                                 : value.find(field.name);
    if (found != nullptr) {
      write_value(*field.type, *found, out, depth);
    } else if (field.default_value) {
      out.append(*field.default_value);
    } else {
      throw SerdeError("Avro: " + describe(schema) + ", field \"" + field.name +
                       "\": the value has no such field and the schema no default");
    }
  }
}

void write_container(const SchemaNode& schema, const AvroValue& value, ByteBuffer& out,
                     std::size_t depth) {
  const SchemaNode& inner = *schema.parts.front();
  if (schema.kind == AvroKind::array) {
    const AvroValue::Array& elements = value.as_array();
    if (!elements.empty()) write_varint(static_cast<std::int64_t>(elements.size()), out);
    for (const AvroValue& element : elements) write_value(inner, element, out, depth);
  } else {
    const std::vector<AvroEntry>& entries = value.as_entries();
    if (!entries.empty()) write_varint(static_cast<std::int64_t>(entries.size()), out);
    for (const AvroEntry& entry : entries) {
      write_prefixed(Bytes{std::string_view{entry.name}}, out);
      write_value(inner, entry.value, out, depth);
    }
  }
  write_varint(0, out);
}

void write_symbol(const SchemaNode& schema, const AvroValue& value, ByteBuffer& out) {
  const auto found = std::find(schema.symbols.begin(), schema.symbols.end(), value.as_string());
  if (found == schema.symbols.end()) {
    throw SerdeError("Avro: " + describe(schema) + " has no symbol \"" + value.as_string() + "\"");
  }
  write_varint(found - schema.symbols.begin(), out);
}

}  // namespace

void write_value(const SchemaNode& schema, const AvroValue& value, ByteBuffer& out,
                 std::size_t depth) {
  if (depth >= deepest) throw_too_deep();
  if (schema.kind == AvroKind::union_of) return write_union(schema, value, out, depth + 1);
  if (schema.kind != value.kind() && !convertible(value.kind(), schema.kind)) {
    throw_other_type(schema, value);
  }
  switch (schema.kind) {
    case AvroKind::null:
    case AvroKind::union_of:
      return;
    case AvroKind::boolean:
      return out.append(std::byte{value.as_bool()});
    case AvroKind::int32:
    case AvroKind::int64:
      return write_varint(value.as_int64(), out);
    case AvroKind::float32:
      return write_float(std::get<float>(value.content()), out);
    case AvroKind::float64:
      return write_float(value.as_double(), out);
    case AvroKind::bytes:
      return write_prefixed(value.as_bytes(), out);
    case AvroKind::string:
      return write_prefixed(Bytes{std::string_view{value.as_string()}}, out);
    case AvroKind::fixed:
      if (value.as_bytes().size() != schema.size) throw_other_type(schema, value);
      return out.append(value.as_bytes());
    case AvroKind::enumeration:
      return write_symbol(schema, value, out);
    case AvroKind::record:
      return write_record(schema, value, out, depth + 1);
    case AvroKind::array:
    case AvroKind::map:
      return write_container(schema, value, out, depth + 1);
  }
}

}  // namespace moldau::inline v0::avro
