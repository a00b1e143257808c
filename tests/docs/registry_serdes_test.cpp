#include "moldau/moldau.h"
#include "moldau/serde/avro.h"
#include "moldau/serde/protobuf.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <google/protobuf/wrappers.pb.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

// [avro struct]
enum class Colour : std::uint8_t { red, blue, other };

struct Tea {
  std::string name;
  std::int32_t grams = 0;
  std::optional<std::string> origin;
  Colour box = Colour::other;
};

template <>
struct moldau::AvroEnum<Colour> {
  static constexpr std::string_view name = "shop.Colour";
  static constexpr std::pair<Colour, std::string_view> symbols[] = {
      {Colour::red, "RED"}, {Colour::blue, "BLUE"}, {Colour::other, "OTHER"}};
  static constexpr Colour fallback = Colour::other;  // for symbols that a later writer adds
};

template <>
struct moldau::AvroRecord<Tea> {
  static constexpr std::string_view name = "shop.Tea";
  static constexpr auto fields =
      std::tuple{avro_field<&Tea::name>("name"),
                 avro_field<&Tea::grams>("grams", {.default_json = "0", .alias = "weight"}),
                 avro_field<&Tea::origin>("origin"),  // null if the writer had no such field
                 avro_field<&Tea::box>("box", {.default_json = R"("OTHER")"})};
};
// [avro struct end]

namespace moldau {
namespace {

using google::protobuf::StringValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TopologyTestDriver;

TEST(RegistrySerdesChapter, Avro) {
  StreamsBuilder builder;
  // [avro serde]
  const auto registry =
      make_schema_registry({"https://registry-1:8081", "https://registry-2:8081"});
  const auto tea_serde = avro_serde<Tea>(registry, {.topic = "teas"});

  builder.stream<std::string, Tea>("teas", {.value_serde = tea_serde})
      .filter([](const Tea& tea) { return tea.grams >= 100; })
      .to("large-teas", {.value_serde = avro_serde<Tea>(registry, {.topic = "large-teas"})});
  // [avro serde end]

  // Nobody is asked before there is a record.
  EXPECT_NO_THROW(static_cast<void>(builder.build()));
}

TEST(RegistrySerdesChapter, AvroInATest) {
  StreamsBuilder builder;
  // [memory registry]
  const auto registry = make_memory_schema_registry();
  // [memory registry end]
  const auto teas = avro_serde<Tea>(registry, {.topic = "teas"});
  builder.stream<std::string, Tea>("teas", {.value_serde = teas}).to("kept", {.value_serde = teas});
  TopologyTestDriver driver{builder.build(), {.application_id = "book"}};

  driver.input_topic<std::string, Tea>("teas", Timestamp{0}, {}, {}, teas)
      .pipe("a", Tea{"assam", 100, "India", Colour::red});

  const auto kept = driver.output_topic<std::string, Tea>("kept", {}, teas).read_values();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0]->name, "assam");
  EXPECT_EQ(kept[0]->origin, "India");
  EXPECT_EQ(kept[0]->box, Colour::red);
}

TEST(RegistrySerdesChapter, AvroOfAnySchema) {
  const auto registry = make_memory_schema_registry();
  ByteBuffer bytes;
  avro_serde<Tea>(registry, {.topic = "teas"})->serialize(Tea{"assam", 100, {}, {}}, bytes);
  // [generic avro]
  const auto any = avro_serde<GenericAvro>(registry, {.topic = "teas"});
  // [generic avro end]
  GenericAvro read;

  any->deserialize(bytes, read);

  EXPECT_EQ(read.schema->full_name(), "shop.Tea");
}

TEST(RegistrySerdesChapter, TheSchemaOfAType) {
  // [avro schema]
  const std::string schema = avro_schema<Tea>().text();
  // [avro schema end]

  EXPECT_THAT(schema, HasSubstr("\"name\":\"Tea\""));
}

TEST(RegistrySerdesChapter, Protobuf) {
  StreamsBuilder builder;
  const auto registry = make_memory_schema_registry();
  // [protobuf serde]
  const auto names = protobuf_serde<StringValue>(registry, {.topic = "names"});
  builder.stream<std::string, StringValue>("names", {.value_serde = names})
      .map_values([](const StringValue& name) { return name.value(); })
      .to("texts");
  // [protobuf serde end]
  TopologyTestDriver driver{builder.build(), {.application_id = "book"}};
  StringValue name;
  name.set_value("ann");

  driver.input_topic<std::string, StringValue>("names", Timestamp{0}, {}, {}, names)
      .pipe("a", name);

  EXPECT_THAT((driver.output_topic<std::string, std::string>("texts").read_values()),
              ElementsAre("ann"));
}

TEST(RegistrySerdesChapter, Security) {
  const auto secret = [](const std::string&) { return std::string{"from the vault"}; };
  // [registry security]
  const auto registry = make_schema_registry(
      {"https://registry:8081"}, {.user = "orders-app", .password = secret("registry-password")});
  // [registry security end]

  EXPECT_NE(registry, nullptr);
}

TEST(RegistrySerdesChapter, SchemasOfAReleaseProcess) {
  const auto registry = make_memory_schema_registry();
  // [no registering]
  const auto teas = avro_serde<Tea>(registry, {.topic = "teas", .auto_register = false});
  // [no registering end]
  ByteBuffer out;

  EXPECT_THROW(teas->serialize(Tea{}, out), SchemaRegistryError);
}

class KeyServer {
 public:
  [[nodiscard]] static bool answers() { return false; }
};

// [unavailable]
void need(const KeyServer& keys) {
  if (!keys.answers()) throw UnavailableError("the key server at keys:443 does not answer");
}
// [unavailable end]

TEST(RegistrySerdesChapter, AnOutage) { EXPECT_THROW(need(KeyServer{}), UnavailableError); }

}  // namespace
}  // namespace moldau
