#include "moldau/serde/avro/schema.h"

#include "schema_registry/avro/schema_parser.h"
#include "schema_registry/avro/schema_tree.h"

#include <utility>

namespace moldau::inline v0 {

std::string_view name(AvroKind kind) noexcept {
  switch (kind) {
    case AvroKind::null:
      return "null";
    case AvroKind::boolean:
      return "boolean";
    case AvroKind::int32:
      return "int";
    case AvroKind::int64:
      return "long";
    case AvroKind::float32:
      return "float";
    case AvroKind::float64:
      return "double";
    case AvroKind::bytes:
      return "bytes";
    case AvroKind::string:
      return "string";
    case AvroKind::record:
      return "record";
    case AvroKind::enumeration:
      return "enum";
    case AvroKind::array:
      return "array";
    case AvroKind::map:
      return "map";
    case AvroKind::union_of:
      return "union";
    case AvroKind::fixed:
      return "fixed";
  }
  return "?";
}

AvroSchema::AvroSchema(std::shared_ptr<const avro::SchemaTree> tree) noexcept
    : tree_(std::move(tree)) {}

AvroSchema AvroSchema::parse(std::string_view json) { return parse(json, {}); }

AvroSchema AvroSchema::parse(std::string_view json, const std::vector<AvroReference>& references) {
  return AvroSchema{avro::parse_schema(json, references)};
}

const std::string& AvroSchema::text() const noexcept { return tree_->text; }
AvroKind AvroSchema::kind() const noexcept { return tree_->root->kind; }
const std::string& AvroSchema::full_name() const noexcept { return tree_->root->name; }

namespace avro {

std::string_view unqualified(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string describe(const SchemaNode& node) {
  std::string text{name(node.kind)};
  if (!node.name.empty()) text += " " + node.name;
  return text;
}

}  // namespace avro
}  // namespace moldau::inline v0
