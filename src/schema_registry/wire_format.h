#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/serde/schema_registry.h"

#include <cstdint>
#include <vector>

// What stands before the payload of a record that names its schema: a zero byte, the schema's id as
// four bytes (big-endian), and for Protobuf the place of the message in its file.
namespace moldau::inline v0::schema_registry {

struct Framed {
  SchemaId id;
  Bytes payload;
};

void write_frame(SchemaId id, ByteBuffer& out);

// Throws SerdeError if the bytes do not begin with a frame.
[[nodiscard]] Framed read_frame(Bytes bytes);

// A number as Avro and the registry write it: seven bits a byte, small values short, whatever their
// sign.
void write_varint(std::int64_t value, ByteBuffer& out);

// Where a message is in its .proto file: the index of the outermost message, then that of each
// message nested in it. The first message of a file, [0], is written as a single zero.
[[nodiscard]] ByteBuffer message_path_bytes(const std::vector<int>& path);

// The payload behind a message path. Throws SerdeError if there is no path.
[[nodiscard]] Bytes skip_message_path(Bytes bytes);

}  // namespace moldau::inline v0::schema_registry
