// Bytes and schema resolution, compared with Apache Avro for Java.

#include "moldau/serde/avro.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "schema_registry/avro/decoder.h"
#include "schema_registry/avro/encoder.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace moldau {
namespace {

const avro::TypeDescription& any() { return avro::describe<AvroValue>(); }

AvroValue read_value(const AvroSchema& writer, const AvroSchema& reader, const std::string& hex) {
  AvroValue value;
  avro::Decoder{writer, reader, any()}.read(from_hex(hex), &value);
  return value;
}

std::string write_value(const AvroSchema& schema, const AvroValue& value) {
  ByteBuffer out;
  avro::Encoder{schema, any()}.write(&value, out);
  return to_hex(out);
}

// What `reader` makes of the bytes, written again; nullopt if it cannot read them.
std::optional<std::string> resolved(const AvroSchema& writer, const AvroSchema& reader,
                                    const std::string& hex) {
  try {
    return write_value(reader, read_value(writer, reader, hex));
  } catch (const SerdeError&) {
    return std::nullopt;
  }
}

std::optional<std::string> expected_of(const nlohmann::json& reader) {
  if (reader.contains("refused")) return std::nullopt;
  return reader["bytes"].get<std::string>();
}

TEST(AvroGolden, ValuesHaveTheBytesOfJava) {
  const nlohmann::json cases = read_golden("avro.json")["cases"];

  ASSERT_GE(cases.size(), 20U);
  for (const nlohmann::json& one : cases) {
    const AvroSchema schema = AvroSchema::parse(one["writer"].dump());
    for (const nlohmann::json& value : one["values"]) {
      SCOPED_TRACE(one["name"].dump() + " " + value["value"].dump());
      const std::string bytes = value["bytes"];
      EXPECT_EQ(write_value(schema, read_value(schema, schema, bytes)), bytes);
    }
  }
}

TEST(AvroGolden, ReadersWithOtherSchemasSeeWhatJavaSees) {
  const nlohmann::json cases = read_golden("avro.json")["cases"];
  int readers = 0;

  for (const nlohmann::json& one : cases) {
    const AvroSchema writer = AvroSchema::parse(one["writer"].dump());
    for (const nlohmann::json& value : one["values"]) {
      for (const nlohmann::json& reader_case : value["readers"]) {
        SCOPED_TRACE(one["name"].dump() + " " + value["value"].dump() + " read as " +
                     reader_case.dump());
        const AvroSchema reader = AvroSchema::parse(reader_case["reader"].dump());
        // Bytes that are the whole value have no length in a registry's records; tested elsewhere.
        if (reader.kind() == AvroKind::bytes) continue;
        EXPECT_EQ(resolved(writer, reader, value["bytes"]), expected_of(reader_case));
        ++readers;
      }
    }
  }
  EXPECT_GE(readers, 150);
}

// A value that is dropped must be passed over exactly: what follows it is read all the same.
TEST(AvroGolden, ValuesOfAnyTypeCanBeSkipped) {
  const nlohmann::json cases = read_golden("avro.json")["cases"];

  for (const nlohmann::json& one : cases) {
    const nlohmann::json last = {{"name", "last"}, {"type", "int"}};
    const AvroSchema writer = AvroSchema::parse(
        nlohmann::json{{"type", "record"},
                       {"name", "Outer"},
                       {"fields", {{{"name", "skipped"}, {"type", one["writer"]}}, last}}}
            .dump());
    const AvroSchema reader = AvroSchema::parse(
        nlohmann::json{{"type", "record"}, {"name", "Outer"}, {"fields", {last}}}.dump());
    for (const nlohmann::json& value : one["values"]) {
      SCOPED_TRACE(one["name"].dump() + " " + value["value"].dump());
      const std::string bytes = value["bytes"].get<std::string>() + "0e";
      EXPECT_EQ(read_value(writer, reader, bytes)["last"].as_int64(), 7);
    }
  }
}

}  // namespace
}  // namespace moldau
