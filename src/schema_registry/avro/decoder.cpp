#include "schema_registry/avro/decoder.h"

#include "moldau/base/error.h"
#include "moldau/base/timestamp.h"
#include "moldau/serde/avro/value.h"
#include "moldau/serde/uuid.h"

#include "schema_registry/avro/decode_plan.h"
#include "schema_registry/avro/encoder.h"
#include "schema_registry/avro/primitives.h"
#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/byte_reader.h"

#include <chrono>
#include <set>
#include <utility>
#include <variant>

namespace moldau::inline v0::avro {

namespace {

using Op = DecodeNode::Op;
using schema_registry::ByteReader;

// How many elements of an array that takes no bytes may be announced: nobody writes such arrays.
constexpr std::uint64_t most_empty_elements = 65'536;

template <class T>
T& as(void* object) {
  return *static_cast<T*>(object);
}

// The value's content as a T, which keeps its memory if it is one already.
template <class T>
T& content_as(void* value) {
  AvroValue::Content& content = as<AvroValue>(value).content();
  if (T* held = std::get_if<T>(&content)) return *held;
  return content.emplace<T>();
}

void read(const DecodeNode& node, ByteReader& in, void* object, std::size_t depth);

// A number of the writer's as one of the reader's kind.
template <class Number>
void store_number(const DecodeNode& node, Number number, void* object) {
  switch (node.type->storage) {
    case Storage::int32:
      as<std::int32_t>(object) = static_cast<std::int32_t>(number);
      return;
    case Storage::int64:
      as<std::int64_t>(object) = static_cast<std::int64_t>(number);
      return;
    case Storage::float32:
      as<float>(object) = static_cast<float>(number);
      return;
    case Storage::float64:
      as<double>(object) = static_cast<double>(number);
      return;
    case Storage::timestamp: {
      auto time = static_cast<std::int64_t>(number);
      if (node.microseconds) {
        time =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::microseconds{time}).count();
      }
      as<Timestamp>(object) = Timestamp{time};
      return;
    }
    default:
      break;
  }
  switch (node.reader->kind) {
    case AvroKind::int32:
      content_as<std::int32_t>(object) = static_cast<std::int32_t>(number);
      return;
    case AvroKind::int64:
      content_as<std::int64_t>(object) = static_cast<std::int64_t>(number);
      return;
    case AvroKind::float32:
      content_as<float>(object) = static_cast<float>(number);
      return;
    default:
      content_as<double>(object) = static_cast<double>(number);
      return;
  }
}

void store_text(const DecodeNode& node, Bytes bytes, void* object) {
  if (node.type->storage == Storage::uuid) {
    const std::optional<Uuid> uuid = parse_uuid(bytes.text());
    if (!uuid) throw SerdeError("Avro: expected a uuid, found another text");
    as<Uuid>(object) = *uuid;
  } else if (node.type->storage != Storage::value) {
    node.type->assign(object, bytes);
  } else if (node.reader->kind == AvroKind::string) {
    content_as<std::string>(object).assign(bytes.text());
  } else {
    content_as<ByteBuffer>(object).assign(bytes);
  }
}

void read_boolean(const DecodeNode& node, ByteReader& in, void* object) {
  const std::byte byte = in.take(1)[0];
  if (byte > std::byte{1}) {
    throw SerdeError("Avro: expected 0 or 1 for a boolean, found " +
                     std::to_string(std::to_integer<int>(byte)));
  }
  if (node.type == nullptr) return;
  const bool value = byte == std::byte{1};
  if (node.type->storage == Storage::value) {
    content_as<bool>(object) = value;
  } else {
    as<bool>(object) = value;
  }
}

void read_fixed(const DecodeNode& node, ByteReader& in, void* object) {
  const Bytes bytes = in.take(node.writer->size);
  if (node.type == nullptr) return;
  if (node.type->storage == Storage::value) {
    content_as<AvroValue::Fixed>(object).bytes.assign(bytes);
  } else {
    node.type->assign(object, bytes);
  }
}

void read_enum(const DecodeNode& node, ByteReader& in, void* object) {
  const std::int32_t index = in.varint32();
  const auto& written = node.writer->symbols;
  if (index < 0 || static_cast<std::size_t>(index) >= written.size()) {
    throw SerdeError("Avro: " + describe(*node.writer) + " has no symbol number " +
                     std::to_string(index));
  }
  if (node.type == nullptr) return;
  const int symbol = node.symbols[static_cast<std::size_t>(index)];
  if (symbol < 0) {
    throw SerdeError("Avro: " + describe(*node.reader) + " has no symbol " +
                     written[static_cast<std::size_t>(index)] +
                     ", which the writer's schema has, and no default for it");
  }
  if (node.type->storage == Storage::value) {
    content_as<AvroValue::Symbol>(object).text =
        node.reader->symbols[static_cast<std::size_t>(symbol)];
  } else {
    node.type->set_symbol(object, symbol);
  }
}

// The fields of an AvroValue that is a record of the reader's schema, whatever it was before.
std::vector<AvroEntry>& record_fields(const DecodeNode& node, void* object) {
  auto& record = content_as<AvroValue::Record>(object);
  const SchemaNode& schema = *node.reader;
  if (record.name != schema.name) record.name = schema.name;
  record.fields.resize(schema.fields.size());
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    if (record.fields[i].name != schema.fields[i].name) {
      record.fields[i].name = schema.fields[i].name;
    }
  }
  return record.fields;
}

void read_record(const DecodeNode& node, ByteReader& in, void* object, std::size_t depth) {
  std::vector<AvroEntry>* fields = nullptr;
  if (node.type != nullptr && node.type->storage == Storage::value) {
    fields = &record_fields(node, object);
  }
  for (const DecodeNode::Step& step : node.steps) {
    void* target = nullptr;
    // Without a type the reader has no such field: its bytes are passed over.
    if (fields != nullptr && step.node->type != nullptr) {
      target = &(*fields)[step.field].value;
    } else if (step.member != nullptr) {
      target = step.member(object);
    }
    if (step.default_value == nullptr) {
      read(*step.node, in, target, depth);
    } else {
      ByteReader written{*step.default_value, "Avro default"};
      read(*step.node, written, target, depth);
    }
  }
}

// The number of elements in the next block of an array or a map; 0 ends it. If the block says how
// many bytes it has, and `skip`, it is passed over and the next one is looked at.
std::uint64_t next_block(ByteReader& in, bool may_be_empty, bool skip, std::uint64_t before) {
  for (;;) {
    const std::int64_t announced = in.varint();
    if (announced == 0) return 0;
    const auto count = announced > 0 ? static_cast<std::uint64_t>(announced)
                                     : ~static_cast<std::uint64_t>(announced) + 1;
    if (announced < 0) {
      const std::int64_t size = in.varint();
      if (size < 0 || static_cast<std::uint64_t>(size) > in.rest().size()) {
        throw SerdeError("Avro: a block of " + std::to_string(size) + " bytes, with " +
                         std::to_string(in.rest().size()) + " left");
      }
      if (skip) {
        in.take(static_cast<std::size_t>(size));
        continue;
      }
    }
    // Memory is taken for what can be there, not for what is announced.
    const std::uint64_t most = may_be_empty ? most_empty_elements - before : in.rest().size();
    if (count > most) {
      throw SerdeError("Avro: a block of " + std::to_string(count) + " elements, with " +
                       std::to_string(in.rest().size()) + " bytes left");
    }
    return count;
  }
}

void read_array(const DecodeNode& node, ByteReader& in, void* object, std::size_t depth) {
  const DecodeNode& part = *node.parts.front();
  const bool skip = node.type == nullptr;
  AvroValue::Array* values = nullptr;
  if (!skip && node.type->storage == Storage::value) values = &content_as<AvroValue::Array>(object);
  std::size_t index = 0;
  while (std::uint64_t count = next_block(in, part.writer->may_be_empty, skip, index)) {
    for (; count > 0; --count, ++index) {
      void* target = nullptr;
      if (values != nullptr) {
        if (values->size() <= index) values->emplace_back();
        target = &(*values)[index];
      } else if (!skip) {
        target = node.type->slot(object, index);
      }
      read(part, in, target, depth);
    }
  }
  if (values != nullptr) {
    values->resize(index);
  } else if (!skip) {
    node.type->truncate(object, index);
  }
}

void read_map(const DecodeNode& node, ByteReader& in, void* object, std::size_t depth) {
  const DecodeNode& part = *node.parts.front();
  const bool skip = node.type == nullptr;
  std::vector<AvroEntry>* entries = nullptr;
  if (!skip && node.type->storage == Storage::value) {
    entries = &content_as<AvroValue::Map>(object).entries;
  } else if (!skip) {
    node.type->truncate(object, 0);
  }
  std::size_t index = 0;
  while (std::uint64_t count = next_block(in, false, skip, index)) {
    for (; count > 0; --count, ++index) {
      const Bytes key = in.take_prefixed();
      void* target = nullptr;
      if (entries != nullptr) {
        if (entries->size() <= index) entries->emplace_back();
        (*entries)[index].name.assign(key.text());
        target = &(*entries)[index].value;
      } else if (!skip) {
        target = node.type->put(object, key.text());
      }
      read(part, in, target, depth);
    }
  }
  if (entries != nullptr) entries->resize(index);
}

void read_branch(const DecodeNode& node, ByteReader& in, void* object, std::size_t depth) {
  const std::int32_t index = in.varint32();
  if (index < 0 || static_cast<std::size_t>(index) >= node.parts.size()) {
    throw SerdeError("Avro: the writer's union has no branch " + std::to_string(index));
  }
  read(*node.parts[static_cast<std::size_t>(index)], in, object, depth);
}

void read(const DecodeNode& node, ByteReader& in, void* object, std::size_t depth) {
  if (depth >= deepest) throw_too_deep();
  switch (node.op) {
    case Op::null:
      if (node.type != nullptr && node.type->storage == Storage::value) {
        as<AvroValue>(object).content().emplace<std::monostate>();
      }
      return;
    case Op::boolean:
      return read_boolean(node, in, object);
    case Op::int32: {
      const std::int32_t number = in.varint32();
      if (node.type != nullptr) store_number(node, number, object);
      return;
    }
    case Op::int64: {
      const std::int64_t number = in.varint();
      if (node.type != nullptr) store_number(node, number, object);
      return;
    }
    case Op::float32: {
      const auto number = read_float<float>(in);
      if (node.type != nullptr) store_number(node, number, object);
      return;
    }
    case Op::float64: {
      const auto number = read_float<double>(in);
      if (node.type != nullptr) store_number(node, number, object);
      return;
    }
    case Op::text: {
      const Bytes bytes = in.take_prefixed();
      if (node.type != nullptr) store_text(node, bytes, object);
      return;
    }
    case Op::fixed:
      return read_fixed(node, in, object);
    case Op::enumeration:
      return read_enum(node, in, object);
    case Op::record:
      return read_record(node, in, object, depth + 1);
    case Op::array:
      return read_array(node, in, object, depth + 1);
    case Op::map:
      return read_map(node, in, object, depth + 1);
    case Op::branches:
      return read_branch(node, in, object, depth + 1);
    case Op::into_optional:
      return read(*node.parts.front(), in, node.type->emplace(object), depth + 1);
    case Op::reset_optional:
      return node.type->reset(object);
    case Op::into_variant:
      return read(*node.parts.front(), in, node.type->choose(object, node.alternative), depth + 1);
    case Op::pass_on:
      return read(*node.parts.front(), in, object, depth + 1);
    case Op::mismatch:
      throw SerdeError("Avro: " + node.problem);
  }
}

// The first mismatch below a node that was not looked at yet.
std::optional<std::string> problem_in(const DecodeNode& node, std::set<const DecodeNode*>& seen) {
  if (node.op == Op::mismatch) return node.problem;
  if (!seen.insert(&node).second) return std::nullopt;
  for (const DecodeNode::Step& step : node.steps) {
    if (auto problem = problem_in(*step.node, seen)) {
      return describe(*node.reader) + ", field \"" + node.reader->fields[step.field].name +
             "\": " + *problem;
    }
  }
  for (const DecodeNode* part : node.parts) {
    if (auto problem = problem_in(*part, seen)) return problem;
  }
  return std::nullopt;
}

}  // namespace

Decoder::Decoder(AvroSchema writer, AvroSchema reader, const TypeDescription& type)
    : writer_(std::move(writer)), reader_(std::move(reader)) {
  DecodePlan plan;
  root_ = plan.make(*writer_.tree().root, reader_.tree().root, &type);
  nodes_ = std::move(plan).take_nodes();
}

std::optional<std::string> Decoder::problem() const {
  std::set<const DecodeNode*> seen;
  return problem_in(*root_, seen);
}

void Decoder::read(Bytes bytes, void* object) const {
  if (writer_.kind() == AvroKind::bytes) {
    // The registry's clients leave out the length of bytes that are the whole value.
    if (root_->op == Op::text) return store_text(*root_, bytes, object);
    ByteBuffer with_length;
    write_prefixed(bytes, with_length);
    ByteReader in{with_length, "Avro"};
    return avro::read(*root_, in, object, 0);
  }
  ByteReader in{bytes, "Avro"};
  avro::read(*root_, in, object, 0);
}

}  // namespace moldau::inline v0::avro
