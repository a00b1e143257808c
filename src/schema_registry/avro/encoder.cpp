#include "schema_registry/avro/encoder.h"

#include "moldau/base/error.h"
#include "moldau/base/timestamp.h"
#include "moldau/serde/uuid.h"

#include "schema_registry/avro/encode_plan.h"
#include "schema_registry/avro/primitives.h"
#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/wire_format.h"

#include <utility>

namespace moldau::inline v0::avro {

namespace {

using Op = EncodeNode::Op;
using schema_registry::write_varint;

template <class T>
const T& as(const void* object) {
  return *static_cast<const T*>(object);
}

// The accessors of a description take what they change and what they only look at by the same
// pointer; here nothing is changed.
const void* member_of(const EncodeNode::Field& field, const void* object) {
  return field.member(const_cast<void*>(object));
}

void write(const EncodeNode& node, const void* object, ByteBuffer& out, std::size_t depth);

void write_array(const EncodeNode& node, const void* object, ByteBuffer& out, std::size_t depth) {
  const std::size_t count = node.type->count(object);
  if (count > 0) {
    write_varint(static_cast<std::int64_t>(count), out);
    for (std::size_t i = 0; i < count; ++i) {
      write(*node.parts.front(), node.type->element(object, i), out, depth);
    }
  }
  write_varint(0, out);
}

void write_map(const EncodeNode& node, const void* object, ByteBuffer& out, std::size_t depth) {
  struct Context {
    const EncodeNode& values;
    ByteBuffer& out;
    std::size_t depth;
  } context{*node.parts.front(), out, depth};
  const std::size_t count = node.type->count(object);
  if (count > 0) {
    write_varint(static_cast<std::int64_t>(count), out);
    node.type->visit(object, &context, [](void* into, const std::string& key, const void* value) {
      const Context& here = *static_cast<Context*>(into);
      write_prefixed(Bytes{std::string_view{key}}, here.out);
      write(here.values, value, here.out, here.depth);
    });
  }
  write_varint(0, out);
}

void write_enum(const EncodeNode& node, const void* object, ByteBuffer& out) {
  const int symbol = node.type->symbol_of(object);
  if (symbol < 0) {
    throw SerdeError("Avro: a value of enum " + std::string{node.type->name} +
                     " has no symbol; add it to AvroEnum::symbols");
  }
  const auto index = static_cast<std::size_t>(symbol);
  if (node.numbers[index] < 0) {
    throw SerdeError("Avro: " + describe(*node.schema) + " has no symbol " +
                     std::string{node.type->symbols[index]});
  }
  write_varint(node.numbers[index], out);
}

void write_record(const EncodeNode& node, const void* object, ByteBuffer& out, std::size_t depth) {
  for (const EncodeNode::Field& field : node.fields) {
    if (field.node == nullptr) {
      out.append(field.default_value);
    } else {
      write(*field.node, member_of(field, object), out, depth);
    }
  }
}

void write_optional(const EncodeNode& node, const void* object, ByteBuffer& out,
                    std::size_t depth) {
  const void* held = node.type->held(object);
  write_varint(held == nullptr ? node.null_branch : node.value_branch, out);
  if (held != nullptr) write(*node.parts.front(), held, out, depth);
}

void write_variant(const EncodeNode& node, const void* object, ByteBuffer& out, std::size_t depth) {
  const std::size_t index = node.type->index(object);
  write_varint(node.numbers[index], out);
  write(*node.parts[index], node.type->alternative(object), out, depth);
}

void write(const EncodeNode& node, const void* object, ByteBuffer& out, std::size_t depth) {
  if (depth >= deepest) throw_too_deep();
  switch (node.op) {
    case Op::null:
      return;
    case Op::boolean:
      return out.append(std::byte{as<bool>(object)});
    case Op::int32:
      return write_varint(as<std::int32_t>(object), out);
    case Op::int64:
      return write_varint(as<std::int64_t>(object), out);
    case Op::float32:
      return write_float(as<float>(object), out);
    case Op::float64:
      return write_float(as<double>(object), out);
    case Op::timestamp:
      return write_varint(as<Timestamp>(object).milliseconds() * (node.microseconds ? 1000 : 1),
                          out);
    case Op::text:
      return write_prefixed(node.type->view(object), out);
    case Op::fixed:
      return out.append(node.type->view(object));
    case Op::uuid: {
      constexpr std::int64_t text_size = 36;
      write_varint(text_size, out);
      return Serde<Uuid>::serialize(as<Uuid>(object), out);
    }
    case Op::enumeration:
      return write_enum(node, object, out);
    case Op::record:
      return write_record(node, object, out, depth + 1);
    case Op::array:
      return write_array(node, object, out, depth + 1);
    case Op::map:
      return write_map(node, object, out, depth + 1);
    case Op::optional:
      return write_optional(node, object, out, depth + 1);
    case Op::variant:
      return write_variant(node, object, out, depth + 1);
    case Op::branch:
      write_varint(node.value_branch, out);
      return write(*node.parts.front(), object, out, depth + 1);
    case Op::value:
      return write_value(*node.schema, as<AvroValue>(object), out, depth + 1);
  }
}

}  // namespace

void throw_too_deep() {
  throw SerdeError("Avro: expected a nesting of at most " + std::to_string(deepest) +
                   ", found more");
}

Encoder::Encoder(AvroSchema schema, const TypeDescription& type) : schema_(std::move(schema)) {
  EncodePlan plan;
  try {
    root_ = plan.make(*schema_.tree().root, type);
  } catch (const SerdeError& error) {
    throw SerdeError(std::string{"Avro: "} + error.what());
  }
  nodes_ = std::move(plan).take_nodes();
}

void Encoder::write(const void* object, ByteBuffer& out) const {
  // The registry's clients leave out the length of bytes that are the whole value.
  if (root_->schema->kind == AvroKind::bytes && root_->op == Op::text) {
    out.append(root_->type->view(object));
  } else if (root_->schema->kind == AvroKind::bytes && root_->op == Op::value) {
    out.append(as<AvroValue>(object).as_bytes());
  } else {
    avro::write(*root_, object, out, 0);
  }
}

}  // namespace moldau::inline v0::avro
