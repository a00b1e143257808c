#include "moldau/base/error.h"
#include "moldau/serde/avro.h"

#include "schema_registry/avro/schema_tree.h"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <utility>

namespace moldau::inline v0::avro {

namespace {

using nlohmann::ordered_json;  // in the order in which Java writes schemas

class Derivation {
 public:
  ordered_json of(const TypeDescription& type, std::string_view space) {
    switch (type.storage) {
      case Storage::null:
        return "null";
      case Storage::boolean:
        return "boolean";
      case Storage::int32:
        return "int";
      case Storage::int64:
        return "long";
      case Storage::float32:
        return "float";
      case Storage::float64:
        return "double";
      case Storage::string:
        return "string";
      case Storage::bytes:
        return "bytes";
      case Storage::timestamp:
        return {{"type", "long"}, {"logicalType", "timestamp-millis"}};
      case Storage::uuid:
        return {{"type", "string"}, {"logicalType", "uuid"}};
      case Storage::fixed:
        return fixed(type, space);
      case Storage::enumeration:
        return enumeration(type, space);
      case Storage::record:
        return record(type, space);
      case Storage::optional:
        return ordered_json::array({"null", of(type.parts.front()(), space)});
      case Storage::sequence:
        return {{"type", "array"}, {"items", of(type.parts.front()(), space)}};
      case Storage::map:
        return {{"type", "map"}, {"values", of(type.parts.front()(), space)}};
      case Storage::variant:
        return variant(type, space);
      case Storage::value:
      case Storage::datum:
        break;
    }
    throw SerdeError(
        "Avro: a type with an AvroValue in it has no schema of its own; give avro_serde() the "
        "schema");
  }

 private:
  // True if the name is met for the first time, and is to be defined.
  bool is_new(std::string_view name) { return known_.insert(std::string{name}).second; }

  // How a type of the namespace `space` is called from inside it.
  static std::string reference(std::string_view name, std::string_view space) {
    const std::string_view own = unqualified(name);
    const bool same = name.size() == own.size()
                          ? space.empty()
                          : name.substr(0, name.size() - own.size() - 1) == space;
    return std::string{same ? own : name};
  }

  static std::string_view space_of(std::string_view name) {
    const std::string_view own = unqualified(name);
    return own.size() == name.size() ? std::string_view{}
                                     : name.substr(0, name.size() - own.size() - 1);
  }

  ordered_json definition(const char* kind, std::string_view name, std::string_view space) {
    ordered_json result = {{"type", kind}, {"name", std::string{unqualified(name)}}};
    if (space_of(name) != space) result["namespace"] = std::string{space_of(name)};
    return result;
  }

  // An array of bytes has no name in C++: named after its size, one name is one type.
  ordered_json fixed(const TypeDescription& type, std::string_view space) {
    std::string name = "Fixed" + std::to_string(type.size);
    if (!space.empty()) name = std::string{space} + "." + name;
    if (!is_new(name)) return reference(name, space);
    ordered_json result = definition("fixed", name, space);
    result["size"] = type.size;
    return result;
  }

  ordered_json enumeration(const TypeDescription& type, std::string_view space) {
    if (!is_new(type.name)) return reference(type.name, space);
    ordered_json result = definition("enum", type.name, space);
    result["symbols"] = ordered_json::array();
    for (const std::string_view symbol : type.symbols) {
      result["symbols"].push_back(std::string{symbol});
    }
    if (type.fallback >= 0) {
      result["default"] = std::string{type.symbols[static_cast<std::size_t>(type.fallback)]};
    }
    return result;
  }

  ordered_json record(const TypeDescription& type, std::string_view space) {
    if (!is_new(type.name)) return reference(type.name, space);
    ordered_json result = definition("record", type.name, space);
    ordered_json fields = ordered_json::array();
    for (const FieldDescription& field : type.fields) {
      const TypeDescription& field_type = field.type();
      ordered_json entry = {{"name", std::string{field.name}},
                            {"type", of(field_type, space_of(type.name))}};
      const bool optional = field_type.storage == Storage::optional;
      if (!field.options.default_json.empty()) {
        entry["default"] = default_of(type, field);
        // Readers older than Avro 1.12 take a default for one of the first branch.
        if (optional && !entry["default"].is_null()) std::swap(entry["type"][0], entry["type"][1]);
      } else if (optional) {
        entry["default"] = nullptr;
      }
      if (!field.options.alias.empty()) {
        entry["aliases"] = ordered_json::array({std::string{field.options.alias}});
      }
      fields.push_back(std::move(entry));
    }
    result["fields"] = std::move(fields);
    return result;
  }

  static ordered_json default_of(const TypeDescription& type, const FieldDescription& field) {
    ordered_json value = ordered_json::parse(field.options.default_json, nullptr, false);
    if (value.is_discarded()) {
      throw SerdeError("Avro: record " + std::string{type.name} + ", field \"" +
                       std::string{field.name} + "\": expected JSON as default_json, found " +
                       std::string{field.options.default_json});
    }
    return value;
  }

  ordered_json variant(const TypeDescription& type, std::string_view space) {
    ordered_json branches = ordered_json::array();
    for (const TypeGetter part : type.parts) branches.push_back(of(part(), space));
    return branches;
  }

  std::set<std::string, std::less<>> known_;
};

}  // namespace

AvroSchema derive_schema(const TypeDescription& type) {
  AvroSchema schema = AvroSchema::parse(Derivation{}.of(type, "").dump());
  for (const auto& node : schema.tree().nodes) {
    for (const SchemaField& field : node->fields) {
      // In a schema of our own it is a mistake in the program.
      if (!field.default_problem.empty()) {
        throw SerdeError(
            "Avro: " + describe(*node) + ", field \"" + field.name +
            "\": its default is no value of the field's type: " + field.default_problem);
      }
    }
  }
  return schema;
}

}  // namespace moldau::inline v0::avro
