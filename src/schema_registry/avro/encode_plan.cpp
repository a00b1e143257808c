#include "schema_registry/avro/encode_plan.h"

#include "moldau/base/error.h"

#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/avro/type_match.h"

#include <algorithm>
#include <optional>
#include <string>

namespace moldau::inline v0::avro {

namespace {

using Op = EncodeNode::Op;

[[noreturn]] void throw_unfit(const SchemaNode& schema, const TypeDescription& type) {
  throw SerdeError("expected a C++ type for " + describe(schema) + ", found " + describe(type));
}

// How a value of a type that is no union is written.
Op op_of(const TypeDescription& type) {
  switch (type.storage) {
    case Storage::boolean:
      return Op::boolean;
    case Storage::int32:
      return Op::int32;
    case Storage::int64:
      return Op::int64;
    case Storage::float32:
      return Op::float32;
    case Storage::float64:
      return Op::float64;
    case Storage::timestamp:
      return Op::timestamp;
    case Storage::string:
    case Storage::bytes:
      return Op::text;
    case Storage::uuid:
      return Op::uuid;
    case Storage::fixed:
      return Op::fixed;
    case Storage::enumeration:
      return Op::enumeration;
    case Storage::record:
      return Op::record;
    case Storage::sequence:
      return Op::array;
    case Storage::map:
      return Op::map;
    case Storage::value:
      return Op::value;
    case Storage::null:
    case Storage::optional:
    case Storage::variant:
    case Storage::datum:
      break;
  }
  return Op::null;
}

}  // namespace

EncodeNode& EncodePlan::add(Op op, const SchemaNode& schema, const TypeDescription& type) {
  nodes_.push_back(std::make_unique<EncodeNode>());
  EncodeNode& node = *nodes_.back();
  node.op = op;
  node.schema = &schema;
  node.type = &type;
  return node;
}

const EncodeNode* EncodePlan::make(const SchemaNode& schema, const TypeDescription& type) {
  for (const auto& node : nodes_) {
    if (node->schema == &schema && node->type == &type) return node.get();
  }
  if (type.storage == Storage::optional || type.storage == Storage::variant ||
      (schema.kind == AvroKind::union_of && type.storage != Storage::value)) {
    return make_union(schema, type);
  }
  if (!fits(schema, type)) throw_unfit(schema, type);
  EncodeNode& node = add(op_of(type), schema, type);
  switch (node.op) {
    case Op::record:
      fill_record(node);
      break;
    case Op::enumeration:
      fill_enum(node);
      break;
    case Op::array:
    case Op::map:
      node.parts.push_back(make(*schema.parts.front(), type.parts.front()()));
      break;
    case Op::timestamp:
      node.microseconds = counts_microseconds(schema);
      break;
    default:
      break;
  }
  return &node;
}

const EncodeNode* EncodePlan::make_union(const SchemaNode& schema, const TypeDescription& type) {
  if (schema.kind != AvroKind::union_of) throw_unfit(schema, type);
  if (type.storage == Storage::variant) {
    EncodeNode& node = add(Op::variant, schema, type);
    fill_variant(node);
    return &node;
  }
  const bool optional = type.storage == Storage::optional;
  EncodeNode& node = add(optional ? Op::optional : Op::branch, schema, type);
  const TypeDescription& inner = optional ? type.parts.front()() : type;
  const std::optional<std::size_t> null = null_branch(schema);
  const std::optional<std::size_t> branch = branch_of(schema, inner);
  if (!branch) throw_unfit(schema, type);
  if (optional && !null) {
    throw SerdeError("expected a union with null for a std::optional, found one without");
  }
  node.null_branch = static_cast<std::int64_t>(null.value_or(0));
  node.value_branch = static_cast<std::int64_t>(*branch);
  node.parts.push_back(make(*schema.parts[*branch], inner));
  return &node;
}

void EncodePlan::fill_record(EncodeNode& node) {
  for (const SchemaField& field : node.schema->fields) {
    const auto& bound = node.type->fields;
    const auto found = std::find_if(bound.begin(), bound.end(), [&](const FieldDescription& other) {
      return other.name == field.name;
    });
    const std::string place = describe(*node.schema) + ", field \"" + field.name + "\": ";
    if (found == bound.end()) {
      if (!field.default_value) {
        throw SerdeError(place +
                         "the C++ type has no such field and the schema no default; add it "
                         "to AvroRecord::fields");
      }
      node.fields.push_back({nullptr, nullptr, *field.default_value});
      continue;
    }
    try {
      node.fields.push_back({found->member, make(*field.type, found->type()), {}});
    } catch (const SerdeError& error) {
      throw SerdeError(place + error.what());
    }
  }
}

void EncodePlan::fill_enum(EncodeNode& node) {
  const auto& symbols = node.schema->symbols;
  for (const std::string_view symbol : node.type->symbols) {
    const auto found = std::find(symbols.begin(), symbols.end(), symbol);
    node.numbers.push_back(found == symbols.end() ? -1 : found - symbols.begin());
  }
}

void EncodePlan::fill_variant(EncodeNode& node) {
  for (const TypeGetter part : node.type->parts) {
    const std::optional<std::size_t> branch = branch_of(*node.schema, part());
    if (!branch) throw_unfit(*node.schema, part());
    node.numbers.push_back(static_cast<std::int64_t>(*branch));
    node.parts.push_back(make(*node.schema->parts[*branch], part()));
  }
}

}  // namespace moldau::inline v0::avro
