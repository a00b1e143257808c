#include "schema_registry/avro/schema_parser.h"

#include "moldau/base/error.h"
#include "moldau/serde/json_limits.h"

#include "schema_registry/avro/default_value.h"
#include "schema_registry/avro/schema_tree.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace moldau::inline v0::avro {

namespace {

using nlohmann::json;

constexpr std::array primitives = {AvroKind::null,  AvroKind::boolean, AvroKind::int32,
                                   AvroKind::int64, AvroKind::float32, AvroKind::float64,
                                   AvroKind::bytes, AvroKind::string};
// Larger than anything that fits into a record: a fixed of that size is a mistake or an attack.
constexpr std::uint64_t largest_fixed = std::uint64_t{1} << 30U;

[[noreturn]] void fail(const std::string& message) { throw SerdeError("Avro schema: " + message); }

std::string qualified(std::string_view name, std::string_view space) {
  if (space.empty() || name.find('.') != std::string_view::npos) return std::string{name};
  return std::string{space} + "." + std::string{name};
}

std::string_view space_of(std::string_view full_name) {
  const std::size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : full_name.substr(0, dot);
}

const std::string& text_in(const json& type, const char* key, const std::string& whose) {
  const auto found = type.find(key);
  if (found == type.end() || !found->is_string()) {
    fail("expected \"" + std::string{key} + "\" with a text in " + whose);
  }
  return found->get_ref<const std::string&>();
}

const json& list_in(const json& type, const char* key, const std::string& whose) {
  const auto found = type.find(key);
  if (found == type.end() || !found->is_array()) {
    fail("expected \"" + std::string{key} + "\" with a list in " + whose);
  }
  return *found;
}

std::vector<std::string> texts_in(const json& type, const char* key, const std::string& whose) {
  std::vector<std::string> texts;
  for (const json& item : list_in(type, key, whose)) {
    if (!item.is_string()) fail("expected texts in \"" + std::string{key} + "\" of " + whose);
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

class Parser {
 public:
  explicit Parser(const std::vector<AvroReference>& references) {
    tree_.references = references;
    for (const AvroReference& reference : references) use_names_of(reference.schema.tree());
  }

  SchemaTree parse(std::string_view text) {
    check_json(text);
    tree_.text = std::string{text};
    tree_.root = type(read_json(text), "");
    for (const auto& [node, index, value] : defaults_) {
      SchemaField& field = node->fields[index];
      ByteBuffer bytes;
      try {
        write_default(*field.type, value, bytes);
      } catch (const SerdeError& error) {
        // Only told when the default is needed: schemas with such defaults are in registries, and
        // what was written with them can be read.
        field.default_problem = error.what();
        continue;
      }
      field.default_value = std::move(bytes);
    }
    find_empty_types();
    return std::move(tree_);
  }

 private:
  struct Default {
    SchemaNode* node;
    std::size_t field;
    json value;
  };

  static void check_json(std::string_view text) {
    detail::check_json_limits(Bytes{text}, JsonLimits{});
  }

  // The name of a primitive type may stand there without quotes: registries keep it so.
  static json read_json(std::string_view text) {
    json parsed = json::parse(text, nullptr, false);
    if (!parsed.is_discarded()) return parsed;
    for (const AvroKind kind : primitives) {
      if (text == name(kind)) return json(text);
    }
    fail("expected JSON, found something else");
  }

  void use_names_of(const SchemaTree& tree) {
    for (const AvroReference& reference : tree.references) use_names_of(reference.schema.tree());
    for (const auto& node : tree.nodes) {
      if (!node->name.empty()) names_.emplace(node->name, node.get());
    }
  }

  SchemaNode* add(AvroKind kind) {
    tree_.nodes.push_back(std::make_unique<SchemaNode>());
    tree_.nodes.back()->kind = kind;
    return tree_.nodes.back().get();
  }

  // `space` is the namespace that names without one belong to.
  const SchemaNode* type(const json& type_json, std::string_view space) {
    if (type_json.is_string()) return named(type_json.get_ref<const std::string&>(), space);
    if (type_json.is_array()) return union_of(type_json, space);
    if (!type_json.is_object()) fail("expected a type (a text, a list or an object)");
    const auto found = type_json.find("type");
    if (found == type_json.end()) fail("expected \"type\" in each object");
    // {"type": {"type": ...}} is legal and common.
    if (!found->is_string()) return type(*found, space);
    const std::string& kind = found->get_ref<const std::string&>();
    if (kind == "record" || kind == "error") return record(type_json, space);
    if (kind == "enum") return enumeration(type_json, space);
    if (kind == "fixed") return fixed(type_json, space);
    if (kind == "array") return container(type_json, AvroKind::array, "items", space);
    if (kind == "map") return container(type_json, AvroKind::map, "values", space);
    return annotated(kind, type_json, space);
  }

  // A primitive type or the name of a type, perhaps with a logical type.
  const SchemaNode* annotated(const std::string& kind, const json& type_json,
                              std::string_view space) {
    const auto logical = type_json.find("logicalType");
    if (logical != type_json.end() && logical->is_string()) {
      for (const AvroKind primitive : primitives) {
        if (kind != name(primitive)) continue;
        SchemaNode* node = add(primitive);
        node->logical_type = logical->get<std::string>();
        return node;
      }
    }
    return named(kind, space);
  }

  const SchemaNode* named(const std::string& text, std::string_view space) {
    for (const AvroKind kind : primitives) {
      if (text == name(kind)) return add(kind);
    }
    auto found = names_.find(qualified(text, space));
    if (found == names_.end()) found = names_.find(text);
    if (found == names_.end()) {
      fail("type \"" + qualified(text, space) +
           "\" is used before it is defined; define it where it is used first, or register the "
           "schema with a reference to the one that defines it");
    }
    return found->second;
  }

  const SchemaNode* union_of(const json& branches, std::string_view space) {
    SchemaNode* node = add(AvroKind::union_of);
    std::set<std::string> seen;
    for (const json& branch : branches) {
      const SchemaNode* part = type(branch, space);
      if (part->kind == AvroKind::union_of) fail("a union directly in a union");
      if (!seen.insert(describe(*part)).second) fail("a union with two of " + describe(*part));
      node->parts.push_back(part);
    }
    return node;
  }

  const SchemaNode* container(const json& type_json, AvroKind kind, const char* key,
                              std::string_view space) {
    const auto inner = type_json.find(key);
    if (inner == type_json.end()) {
      fail("expected \"" + std::string{key} + "\" in " + std::string{name(kind)});
    }
    SchemaNode* node = add(kind);
    node->parts.push_back(type(*inner, space));
    return node;
  }

  // A new named type, known from here on, so that it can be used inside itself.
  SchemaNode* define(const json& type_json, AvroKind kind, std::string_view space) {
    const std::string whose{name(kind)};
    const std::string& own_name = text_in(type_json, "name", whose);
    const auto own_space = type_json.find("namespace");
    if (own_space != type_json.end() && own_space->is_string()) {
      space = own_space->get_ref<const std::string&>();
    }
    if (own_name.empty()) fail("a " + whose + " with an empty name");
    SchemaNode* node = add(kind);
    node->name = qualified(own_name, space);
    if (!names_.emplace(node->name, node).second) fail("\"" + node->name + "\" is defined twice");
    if (type_json.contains("aliases")) {
      for (const std::string& alias : texts_in(type_json, "aliases", describe(*node))) {
        node->aliases.push_back(qualified(alias, space_of(node->name)));
      }
    }
    return node;
  }

  const SchemaNode* record(const json& type_json, std::string_view space) {
    SchemaNode* node = define(type_json, AvroKind::record, space);
    std::set<std::string> seen;
    for (const json& field_json : list_in(type_json, "fields", describe(*node))) {
      const std::string whose = "each field of " + describe(*node);
      if (!field_json.is_object()) fail("expected an object for " + whose);
      SchemaField field;
      field.name = text_in(field_json, "name", whose);
      if (!seen.insert(field.name).second) {
        fail(describe(*node) + " has two fields \"" + field.name + "\"");
      }
      if (field_json.contains("aliases")) field.aliases = texts_in(field_json, "aliases", whose);
      const auto field_type = field_json.find("type");
      if (field_type == field_json.end()) fail("expected \"type\" in " + whose);
      field.type = type(*field_type, space_of(node->name));
      node->fields.push_back(std::move(field));
      const auto value = field_json.find("default");
      if (value != field_json.end()) {
        defaults_.push_back({node, node->fields.size() - 1, *value});
      }
    }
    return node;
  }

  const SchemaNode* enumeration(const json& type_json, std::string_view space) {
    SchemaNode* node = define(type_json, AvroKind::enumeration, space);
    node->symbols = texts_in(type_json, "symbols", describe(*node));
    const auto fallback = type_json.find("default");
    if (fallback != type_json.end() && fallback->is_string()) {
      const auto found = std::find(node->symbols.begin(), node->symbols.end(),
                                   fallback->get_ref<const std::string&>());
      if (found == node->symbols.end()) {
        fail("the default of " + describe(*node) + " is none of its symbols");
      }
      node->fallback = static_cast<std::size_t>(found - node->symbols.begin());
    }
    return node;
  }

  const SchemaNode* fixed(const json& type_json, std::string_view space) {
    SchemaNode* node = define(type_json, AvroKind::fixed, space);
    const auto size = type_json.find("size");
    if (size == type_json.end() || !size->is_number_unsigned() ||
        size->get<std::uint64_t>() > largest_fixed) {
      fail("expected \"size\" between 0 and " + std::to_string(largest_fixed) + " in " +
           describe(*node));
    }
    node->size = size->get<std::size_t>();
    const auto logical = type_json.find("logicalType");
    if (logical != type_json.end() && logical->is_string()) {
      node->logical_type = logical->get<std::string>();
    }
    return node;
  }

  // A record takes no bytes if none of its fields does. Again and again, because a record may use
  // one that is defined later.
  void find_empty_types() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& node : tree_.nodes) {
        if (node->may_be_empty || !is_empty(*node)) continue;
        node->may_be_empty = changed = true;
      }
    }
  }

  static bool is_empty(const SchemaNode& node) {
    if (node.kind == AvroKind::null) return true;
    if (node.kind == AvroKind::fixed) return node.size == 0;
    return node.kind == AvroKind::record &&
           std::all_of(node.fields.begin(), node.fields.end(),
                       [](const SchemaField& field) { return field.type->may_be_empty; });
  }

  SchemaTree tree_;
  std::map<std::string, const SchemaNode*, std::less<>> names_;
  std::vector<Default> defaults_;  // read last: they may use types that are defined later
};

}  // namespace

std::shared_ptr<const SchemaTree> parse_schema(std::string_view json_text,
                                               const std::vector<AvroReference>& references) {
  return std::make_shared<const SchemaTree>(Parser{references}.parse(json_text));
}

}  // namespace moldau::inline v0::avro
