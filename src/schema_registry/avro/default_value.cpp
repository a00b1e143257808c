#include "schema_registry/avro/default_value.h"

#include "moldau/base/error.h"

#include "schema_registry/avro/primitives.h"
#include "schema_registry/wire_format.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace moldau::inline v0::avro {

namespace {

using nlohmann::json;
using schema_registry::write_varint;

[[noreturn]] void throw_mismatch(const SchemaNode& type) {
  throw SerdeError("expected a value of type " + describe(type));
}

// Bytes are written as a text whose characters U+0000 to U+00FF are the bytes.
ByteBuffer bytes_of(const SchemaNode& type, const std::string& text) {
  ByteBuffer bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      bytes.append(std::byte{first});
    } else if ((first == 0xC2 || first == 0xC3) && i + 1 < text.size()) {
      const auto second = static_cast<unsigned char>(text[++i]);
      bytes.append(static_cast<std::byte>((first & 0x03U) << 6U | (second & 0x3FU)));
    } else {
      throw_mismatch(type);
    }
  }
  return bytes;
}

std::int64_t integer_of(const SchemaNode& type, const json& value, std::int64_t least,
                        std::int64_t most) {
  if (!value.is_number_integer()) throw_mismatch(type);
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(most)) {
    throw_mismatch(type);
  }
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most) throw_mismatch(type);
  return number;
}

double number_of(const SchemaNode& type, const json& value) {
  // JSON has no numbers for these; Avro writes them as texts.
  if (value == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (value == "Infinity") return std::numeric_limits<double>::infinity();
  if (value == "-Infinity") return -std::numeric_limits<double>::infinity();
  if (!value.is_number()) throw_mismatch(type);
  return value.get<double>();
}

void write_record(const SchemaNode& type, const json& value, ByteBuffer& out) {
  if (!value.is_object()) throw_mismatch(type);
  for (const SchemaField& field : type.fields) {
    const auto found = value.find(field.name);
    if (found != value.end()) {
      write_default(*field.type, *found, out);
    } else if (field.default_value) {
      out.append(*field.default_value);
    } else {
      throw SerdeError("expected field \"" + field.name + "\" of " + describe(type));
    }
  }
}

// Before Avro 1.12 a default belonged to the first branch; since then, to any.
void write_union(const SchemaNode& type, const json& value, ByteBuffer& out) {
  for (std::size_t i = 0; i < type.parts.size(); ++i) {
    ByteBuffer bytes;
    write_varint(static_cast<std::int64_t>(i), bytes);
    try {
      write_default(*type.parts[i], value, bytes);
    } catch (const SerdeError&) {
      continue;
    }
    out.append(bytes);
    return;
  }
  throw_mismatch(type);
}

void write_text(const SchemaNode& type, const json& value, ByteBuffer& out) {
  if (!value.is_string()) throw_mismatch(type);
  const auto& text = value.get_ref<const std::string&>();
  switch (type.kind) {
    case AvroKind::string:
      return write_prefixed(Bytes{std::string_view{text}}, out);
    case AvroKind::bytes:
      return write_prefixed(bytes_of(type, text), out);
    case AvroKind::fixed: {
      const ByteBuffer bytes = bytes_of(type, text);
      if (bytes.size() != type.size) throw_mismatch(type);
      return out.append(bytes);
    }
    default: {
      const auto symbol = std::find(type.symbols.begin(), type.symbols.end(), text);
      if (symbol == type.symbols.end()) throw_mismatch(type);
      return write_varint(symbol - type.symbols.begin(), out);
    }
  }
}

void write_container(const SchemaNode& type, const json& value, ByteBuffer& out) {
  if (type.kind == AvroKind::array ? !value.is_array() : !value.is_object()) throw_mismatch(type);
  if (!value.empty()) {
    write_varint(static_cast<std::int64_t>(value.size()), out);
    for (const auto& [key, item] : value.items()) {
      if (type.kind == AvroKind::map) write_prefixed(Bytes{std::string_view{key}}, out);
      write_default(*type.parts.front(), item, out);
    }
  }
  write_varint(0, out);
}

}  // namespace

void write_default(const SchemaNode& type, const json& value, ByteBuffer& out) {
  switch (type.kind) {
    case AvroKind::null:
      if (!value.is_null()) throw_mismatch(type);
      return;
    case AvroKind::boolean:
      if (!value.is_boolean()) throw_mismatch(type);
      return out.append(std::byte{value.get<bool>()});
    case AvroKind::int32:
      return write_varint(integer_of(type, value, INT32_MIN, INT32_MAX), out);
    case AvroKind::int64:
      return write_varint(integer_of(type, value, INT64_MIN, INT64_MAX), out);
    case AvroKind::float32:
      return write_float(static_cast<float>(number_of(type, value)), out);
    case AvroKind::float64:
      return write_float(number_of(type, value), out);
    case AvroKind::bytes:
    case AvroKind::string:
    case AvroKind::fixed:
    case AvroKind::enumeration:
      return write_text(type, value, out);
    case AvroKind::record:
      return write_record(type, value, out);
    case AvroKind::array:
    case AvroKind::map:
      return write_container(type, value, out);
    case AvroKind::union_of:
      return write_union(type, value, out);
  }
}

}  // namespace moldau::inline v0::avro
