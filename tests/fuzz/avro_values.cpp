// Avro in records, and what stands before it.

#include "moldau/base/error.h"
#include "moldau/serde/avro.h"

#include "fuzz/target.h"
#include "schema_registry/avro/decoder.h"
#include "schema_registry/avro/encoder.h"
#include "schema_registry/wire_format.h"

#include <array>
#include <string_view>

namespace moldau::fuzz {

namespace {

constexpr std::array<std::string_view, 5> schemas{
    R"({"type":"array","items":"null"})", R"({"type":"map","values":["null","boolean","bytes"]})",
    R"({"type":"record","name":"Tree","fields":[{"name":"value","type":"int"},
        {"name":"left","type":["null","Tree"]},
        {"name":"children","type":{"type":"array","items":"Tree"}}]})",
    R"({"type":"record","name":"shop.Order","fields":[{"name":"item","type":"string"},
        {"name":"count","type":"int"},{"name":"note","type":["null","string"]},
        {"name":"colour","type":{"type":"enum","name":"Colour","symbols":["RED","BLUE"]}},
        {"name":"mark","type":{"type":"fixed","name":"Mark","size":3}},
        {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]})",
    R"(["null","int","string",{"type":"array","items":"long"}])"};

// Reads and writes values of one schema.
struct Codec {
  explicit Codec(std::string_view json)
      : schema(AvroSchema::parse(json)),
        decoder(schema, schema, avro::describe<AvroValue>()),
        encoder(schema, avro::describe<AvroValue>()) {}

  AvroSchema schema;
  avro::Decoder decoder;
  avro::Encoder encoder;
};

void read_value(const Codec& codec, Bytes bytes) {
  AvroValue value;
  // Elements without bytes are limited in number.
  const MemoryBound bound{.per_byte = 512, .fixed = 4 * 65'536 * sizeof(AvroValue)};
  const auto read = [&] { codec.decoder.read(bytes, &value); };
  if (!understood<SerdeError>(bytes, read, bound)) return;
  ByteBuffer written;
  codec.encoder.write(&value, written);
  AvroValue again;
  codec.decoder.read(written, &again);
  require(again == value, "a value is read as it was written");
}

void read_frame(Bytes bytes) {
  schema_registry::Framed framed{};
  const auto read = [&] { framed = schema_registry::read_frame(bytes); };
  if (!understood<SerdeError>(bytes, read)) return;
  ByteBuffer written;
  schema_registry::write_frame(framed.id, written);
  written.append(framed.payload);
  require(written.bytes() == bytes, "a frame is written as it was read");
  Bytes message;
  const auto skip = [&] { message = schema_registry::skip_message_path(framed.payload); };
  if (!understood<SerdeError>(bytes, skip)) return;
  require(message.size() < framed.payload.size(), "a message path takes a byte at least");
}

}  // namespace

void run(Bytes input) {
  static const std::array<Codec, schemas.size()> codecs{Codec{schemas[0]}, Codec{schemas[1]},
                                                        Codec{schemas[2]}, Codec{schemas[3]},
                                                        Codec{schemas[4]}};
  Choices choices{input};
  const std::size_t choice = choices.one_of(schemas.size() + 1);
  if (choice == schemas.size()) return read_frame(choices.rest());
  read_value(codecs[choice], choices.rest());
}

}  // namespace moldau::fuzz
