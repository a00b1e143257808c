#include "schema_registry/wire_format.h"

#include "moldau/base/big_endian.h"

#include "schema_registry/byte_reader.h"

#include <string>

namespace moldau::inline v0::schema_registry {

namespace {

constexpr std::byte magic{0};
constexpr std::size_t frame_size = 5;

}  // namespace

void write_frame(SchemaId id, ByteBuffer& out) {
  out.append(magic);
  append_big_endian(out, id.value());
}

Framed read_frame(Bytes bytes) {
  if (bytes.size() < frame_size) {
    throw SerdeError("schema registry: expected a zero byte and a schema id of 4 bytes, found " +
                     std::to_string(bytes.size()) +
                     " bytes; this record was not written with a schema registry");
  }
  if (bytes[0] != magic) {
    throw SerdeError("schema registry: expected a zero byte before the schema id, found " +
                     std::to_string(std::to_integer<int>(bytes[0])) +
                     "; this record was not written with a schema registry, or in a newer format");
  }
  return {SchemaId{load_big_endian<std::int32_t>(bytes.data() + 1)},
          bytes.without_first(frame_size)};
}

void write_varint(std::int64_t value, ByteBuffer& out) {
  // Zigzag: 0, -1, 1, -2 become 0, 1, 2, 3.
  auto rest = static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63);
  while (rest > 0x7F) {
    out.append(static_cast<std::byte>(rest | 0x80U));
    rest >>= 7U;
  }
  out.append(static_cast<std::byte>(rest));
}

ByteBuffer message_path_bytes(const std::vector<int>& path) {
  ByteBuffer bytes;
  if (path.size() == 1 && path.front() == 0) {
    bytes.append(std::byte{0});
    return bytes;
  }
  write_varint(static_cast<std::int64_t>(path.size()), bytes);
  for (const int index : path) write_varint(index, bytes);
  return bytes;
}

Bytes skip_message_path(Bytes bytes) {
  ByteReader reader{bytes, "Protobuf message path"};
  const std::int64_t length = reader.varint();
  if (length < 0 || static_cast<std::uint64_t>(length) > reader.rest().size()) {
    throw SerdeError("Protobuf message path: expected as many indexes as announced, " +
                     std::to_string(length) + ", found " + std::to_string(reader.rest().size()) +
                     " bytes");
  }
  for (std::int64_t i = 0; i < length; ++i) static_cast<void>(reader.varint());
  return reader.rest();
}

}  // namespace moldau::inline v0::schema_registry
