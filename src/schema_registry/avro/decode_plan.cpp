#include "schema_registry/avro/decode_plan.h"

#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/avro/type_match.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::avro {

namespace {

using Op = DecodeNode::Op;

void set_mismatch(DecodeNode& node, std::string problem) {
  node.op = Op::mismatch;
  node.problem = std::move(problem);
}

// The field of the reader that takes the writer's field of that name.
std::optional<std::size_t> field_for(const SchemaNode& reader, const std::string& name) {
  for (std::size_t i = 0; i < reader.fields.size(); ++i) {
    if (reader.fields[i].name == name) return i;
  }
  for (std::size_t i = 0; i < reader.fields.size(); ++i) {
    const auto& aliases = reader.fields[i].aliases;
    if (std::find(aliases.begin(), aliases.end(), name) != aliases.end()) return i;
  }
  return std::nullopt;
}

const FieldDescription* member_for(const TypeDescription& type, const std::string& name) {
  const auto found =
      std::find_if(type.fields.begin(), type.fields.end(),
                   [&](const FieldDescription& field) { return field.name == name; });
  return found == type.fields.end() ? nullptr : &*found;
}

Op op_of(AvroKind writer) {
  switch (writer) {
    case AvroKind::null:
      return Op::null;
    case AvroKind::boolean:
      return Op::boolean;
    case AvroKind::int32:
      return Op::int32;
    case AvroKind::int64:
      return Op::int64;
    case AvroKind::float32:
      return Op::float32;
    case AvroKind::float64:
      return Op::float64;
    case AvroKind::bytes:
    case AvroKind::string:
      return Op::text;
    case AvroKind::record:
      return Op::record;
    case AvroKind::enumeration:
      return Op::enumeration;
    case AvroKind::array:
      return Op::array;
    case AvroKind::map:
      return Op::map;
    case AvroKind::union_of:
      return Op::branches;
    case AvroKind::fixed:
      return Op::fixed;
  }
  return Op::null;
}

}  // namespace

const DecodeNode* DecodePlan::make(const SchemaNode& writer, const SchemaNode* reader,
                                   const TypeDescription* type) {
  const auto found = known_.find({&writer, reader, type});
  if (found != known_.end()) return found->second;
  DecodeNode& node = add(writer, reader, type);
  fill(node);
  return &node;
}

DecodeNode& DecodePlan::add(const SchemaNode& writer, const SchemaNode* reader,
                            const TypeDescription* type) {
  nodes_.push_back(std::make_unique<DecodeNode>());
  DecodeNode& node = *nodes_.back();
  node.op = op_of(writer.kind);
  node.type = type;
  node.writer = &writer;
  node.reader = reader;
  known_[{&writer, reader, type}] = &node;
  return node;
}

void DecodePlan::fill(DecodeNode& node) {
  if (node.writer->kind == AvroKind::union_of) {
    fill_branches(node);
  } else if (node.type == nullptr) {
    fill_same_kind(node);
  } else if (node.reader->kind == AvroKind::union_of) {
    fill_into_union(node);
  } else if (!fits(*node.reader, *node.type)) {
    set_mismatch(node, "expected a C++ type for " + describe(*node.reader) + ", found " +
                           describe(*node.type));
  } else if (!converts(node.writer->kind, node.reader->kind)) {
    set_mismatch(node, "expected " + describe(*node.reader) + ", the writer's schema has " +
                           describe(*node.writer));
  } else {
    fill_same_kind(node);
  }
}

void DecodePlan::fill_branches(DecodeNode& node) {
  bool all_mismatch = !node.writer->parts.empty();
  for (const SchemaNode* branch : node.writer->parts) {
    node.parts.push_back(make(*branch, node.reader, node.type));
    all_mismatch = all_mismatch && node.parts.back()->op == Op::mismatch;
  }
  if (all_mismatch) set_mismatch(node, node.parts.front()->problem);
}

void DecodePlan::fill_into_union(DecodeNode& node) {
  const SchemaNode& reader = *node.reader;
  std::string problem;
  for (const std::size_t branch : branches_for(*node.writer, reader)) {
    fill_into_branch(node, reader, branch);
    if (node.op != Op::mismatch) return;
    if (problem.empty()) problem = node.problem;
  }
  node.parts.clear();
  if (problem.empty()) {
    problem = "the reader's union has no branch for the writer's " + describe(*node.writer);
  }
  set_mismatch(node, std::move(problem));
}

void DecodePlan::fill_into_branch(DecodeNode& node, const SchemaNode& reader, std::size_t branch) {
  const SchemaNode& chosen = *reader.parts[branch];
  const TypeDescription* inner = node.type;
  Op op = Op::pass_on;  // for an AvroValue, and a type that holds one branch: no trace of the union
  if (node.type->storage == Storage::optional) {
    op = chosen.kind == AvroKind::null ? Op::reset_optional : Op::into_optional;
    inner = &node.type->parts.front()();
  } else if (node.type->storage == Storage::variant) {
    op = Op::into_variant;
    const auto& alternatives = node.type->parts;
    const auto found = std::find_if(
        alternatives.begin(), alternatives.end(),
        [&](TypeGetter alternative) { return branch_of(reader, alternative()) == branch; });
    if (found == alternatives.end()) {
      return set_mismatch(node, "the std::variant has no alternative for " + describe(chosen));
    }
    node.alternative = static_cast<std::size_t>(found - alternatives.begin());
    inner = &(*found)();
  }
  node.op = op;
  node.parts.clear();
  if (op == Op::reset_optional) return;
  node.parts.push_back(make(*node.writer, &chosen, inner));
  if (node.parts.front()->op == Op::mismatch) set_mismatch(node, node.parts.front()->problem);
}

void DecodePlan::fill_same_kind(DecodeNode& node) {
  switch (node.writer->kind) {
    case AvroKind::record:
      return fill_record(node);
    case AvroKind::enumeration:
      return fill_enum(node);
    case AvroKind::array:
    case AvroKind::map:
      return fill_part(node);
    case AvroKind::fixed:
      if (node.type != nullptr && node.reader->size != node.writer->size) {
        set_mismatch(node, describe(*node.reader) + ": expected a size of " +
                               std::to_string(node.reader->size) + ", the writer's schema has " +
                               std::to_string(node.writer->size));
      }
      return;
    case AvroKind::int64:
      node.microseconds = counts_microseconds(*node.writer);
      return;
    default:
      return;
  }
}

void DecodePlan::fill_part(DecodeNode& node) {
  const SchemaNode* reader = nullptr;
  const TypeDescription* type = nullptr;
  if (node.type != nullptr) {
    reader = node.reader->parts.front();
    type = node.type->storage == Storage::value ? node.type : &node.type->parts.front()();
  }
  // An element that cannot be read is no mismatch of the whole: there may be none.
  node.parts.push_back(make(*node.writer->parts.front(), reader, type));
}

void DecodePlan::fill_record(DecodeNode& node) {
  std::vector<bool> written(node.reader == nullptr ? 0 : node.reader->fields.size());
  for (const SchemaField& field : node.writer->fields) {
    DecodeNode::Step step;
    const auto target = node.reader == nullptr ? std::nullopt : field_for(*node.reader, field.name);
    const SchemaNode* reader = nullptr;
    const TypeDescription* type = nullptr;
    if (target) {
      written[*target] = true;
      step.field = *target;
      const SchemaField& read = node.reader->fields[*target];
      if (node.type->storage == Storage::value) {
        type = node.type;
      } else if (const FieldDescription* member = member_for(*node.type, read.name)) {
        step.member = member->member;
        type = &member->type();
      }
      if (type != nullptr) reader = read.type;
    }
    step.node = make(*field.type, reader, type);
    if (step.node->op == Op::mismatch) {
      return set_mismatch(
          node, describe(*node.writer) + ", field \"" + field.name + "\": " + step.node->problem);
    }
    node.steps.push_back(step);
  }
  for (std::size_t i = 0; i < written.size() && node.op != Op::mismatch; ++i) {
    if (!written[i]) add_default(node, i);
  }
  if (node.type == nullptr || node.type->storage == Storage::value) return;
  for (const FieldDescription& field : node.type->fields) {
    const auto& fields = node.reader->fields;
    if (node.op != Op::mismatch &&
        std::none_of(fields.begin(), fields.end(),
                     [&](const SchemaField& known) { return known.name == field.name; })) {
      set_mismatch(node, describe(*node.reader) + " has no field \"" + std::string{field.name} +
                             "\", which the C++ type has");
    }
  }
}

void DecodePlan::add_default(DecodeNode& node, std::size_t field) {
  const SchemaField& missing = node.reader->fields[field];
  DecodeNode::Step step;
  step.field = field;
  const TypeDescription* type = nullptr;
  if (node.type->storage == Storage::value) {
    type = node.type;
  } else if (const FieldDescription* member = member_for(*node.type, missing.name)) {
    step.member = member->member;
    type = &member->type();
  }
  if (type == nullptr) return;  // the C++ type does without
  const std::string place = describe(*node.reader) + ", field \"" + missing.name + "\": ";
  if (!missing.default_value) {
    return set_mismatch(
        node, place + "the writer's schema has no such field, and the reader's no " +
                  (missing.default_problem.empty() ? "default; give the field one"
                                                   : "usable default: " + missing.default_problem));
  }
  step.default_value = &*missing.default_value;
  step.node = make(*missing.type, missing.type, type);
  if (step.node->op == Op::mismatch) return set_mismatch(node, place + step.node->problem);
  node.steps.push_back(step);
}

void DecodePlan::fill_enum(DecodeNode& node) {
  if (node.type == nullptr) return;
  if (!same_name(*node.writer, *node.reader)) {
    return set_mismatch(node, "expected " + describe(*node.reader) + ", the writer's schema has " +
                                  describe(*node.writer));
  }
  const auto find_in = [](const auto& symbols, std::string_view symbol) {
    const auto found = std::find(symbols.begin(), symbols.end(), symbol);
    return found == symbols.end() ? -1 : static_cast<int>(found - symbols.begin());
  };
  const auto known = [&](std::string_view symbol) {
    const int own = find_in(node.reader->symbols, symbol);
    if (own < 0 || node.type->storage == Storage::value) return own;
    return find_in(node.type->symbols, symbol);
  };
  int fallback = -1;
  if (node.reader->fallback) fallback = known(node.reader->symbols[*node.reader->fallback]);
  for (const std::string& symbol : node.writer->symbols) {
    const int own = known(symbol);
    node.symbols.push_back(own < 0 ? fallback : own);
  }
}

}  // namespace moldau::inline v0::avro
