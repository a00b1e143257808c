#include "schema_registry/avro/type_match.h"

#include <algorithm>

namespace moldau::inline v0::avro {

namespace {

// Conversions of Avro's specification that need no look at the value.
bool promotes(AvroKind from, AvroKind to) {
  switch (from) {
    case AvroKind::int32:
      return to == AvroKind::int64 || to == AvroKind::float32 || to == AvroKind::float64;
    case AvroKind::int64:
      return to == AvroKind::float32 || to == AvroKind::float64;
    case AvroKind::float32:
      return to == AvroKind::float64;
    case AvroKind::string:
      return to == AvroKind::bytes;
    case AvroKind::bytes:
      return to == AvroKind::string;
    default:
      return false;
  }
}

template <class Fits>
std::optional<std::size_t> first_branch(const SchemaNode& union_node, Fits fits) {
  const auto& parts = union_node.parts;
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const SchemaNode* part) { return fits(*part); });
  if (found == parts.end()) return std::nullopt;
  return static_cast<std::size_t>(found - parts.begin());
}

}  // namespace

std::string describe(const TypeDescription& type) {
  const std::string called{type.name};
  switch (type.storage) {
    case Storage::null:
      return "std::monostate";
    case Storage::boolean:
      return "bool";
    case Storage::int32:
      return "std::int32_t";
    case Storage::int64:
      return "std::int64_t";
    case Storage::float32:
      return "float";
    case Storage::float64:
      return "double";
    case Storage::timestamp:
      return "Timestamp";
    case Storage::string:
      return "std::string";
    case Storage::uuid:
      return "Uuid";
    case Storage::bytes:
      return "bytes";
    case Storage::fixed:
      return "std::array of " + std::to_string(type.size) + " bytes";
    case Storage::enumeration:
      return "enum " + called;
    case Storage::record:
      return "record " + called;
    case Storage::optional:
      return "std::optional";
    case Storage::sequence:
      return "std::vector";
    case Storage::map:
      return "map";
    case Storage::variant:
      return "std::variant";
    case Storage::value:
      return "AvroValue";
    case Storage::datum:
      return "GenericAvro";
  }
  return "?";
}

bool fits(const SchemaNode& schema, const TypeDescription& type) {
  switch (type.storage) {
    case Storage::null:
      return schema.kind == AvroKind::null;
    case Storage::boolean:
      return schema.kind == AvroKind::boolean;
    case Storage::int32:
      return schema.kind == AvroKind::int32;
    case Storage::int64:
    case Storage::timestamp:
      return schema.kind == AvroKind::int64;
    case Storage::float32:
      return schema.kind == AvroKind::float32;
    case Storage::float64:
      return schema.kind == AvroKind::float64;
    case Storage::string:
    case Storage::uuid:
      return schema.kind == AvroKind::string;
    case Storage::bytes:
      return schema.kind == AvroKind::bytes;
    case Storage::fixed:
      return schema.kind == AvroKind::fixed && schema.size == type.size;
    case Storage::enumeration:
      return schema.kind == AvroKind::enumeration;
    case Storage::record:
      return schema.kind == AvroKind::record;
    case Storage::sequence:
      return schema.kind == AvroKind::array;
    case Storage::map:
      return schema.kind == AvroKind::map;
    case Storage::value:
      return true;
    case Storage::optional:
    case Storage::variant:
    case Storage::datum:
      return false;
  }
  return false;
}

std::optional<std::size_t> branch_of(const SchemaNode& union_node, const TypeDescription& type) {
  return first_branch(union_node, [&](const SchemaNode& branch) {
    return fits(branch, type) &&
           (type.name.empty() || unqualified(branch.name) == unqualified(type.name));
  });
}

bool converts(AvroKind writer, AvroKind reader) {
  return writer == reader || promotes(writer, reader);
}

bool same_name(const SchemaNode& writer, const SchemaNode& reader) {
  return unqualified(writer.name) == unqualified(reader.name) ||
         std::find(reader.aliases.begin(), reader.aliases.end(), writer.name) !=
             reader.aliases.end();
}

std::vector<std::size_t> branches_for(const SchemaNode& writer, const SchemaNode& reader) {
  std::vector<std::size_t> branches;
  const auto add = [&](auto takes) {
    for (std::size_t i = 0; i < reader.parts.size(); ++i) {
      if (takes(*reader.parts[i]) &&
          std::find(branches.begin(), branches.end(), i) == branches.end()) {
        branches.push_back(i);
      }
    }
  };
  const auto same_kind = [&](const SchemaNode& branch) { return branch.kind == writer.kind; };
  add([&](const SchemaNode& branch) { return same_kind(branch) && branch.name == writer.name; });
  add([&](const SchemaNode& branch) { return same_kind(branch) && same_name(writer, branch); });
  if (writer.kind == AvroKind::record) add(same_kind);
  add([&](const SchemaNode& branch) { return promotes(writer.kind, branch.kind); });
  return branches;
}

std::optional<std::size_t> null_branch(const SchemaNode& union_node) {
  return first_branch(union_node,
                      [](const SchemaNode& branch) { return branch.kind == AvroKind::null; });
}

bool counts_microseconds(const SchemaNode& schema) {
  return schema.logical_type == "timestamp-micros" ||
         schema.logical_type == "local-timestamp-micros";
}

}  // namespace moldau::inline v0::avro
