#include "moldau/base/error.h"
#include "moldau/serde/avro/schema.h"

#include "schema_registry/avro/schema_tree.h"
#include "schema_registry/serde_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string problem_of(const std::string& json) {
  return failure_of<SerdeError>([&] { static_cast<void>(AvroSchema::parse(json)); });
}

TEST(AvroSchema, NamesBelongToTheNamespaceAroundThem) {
  const AvroSchema schema =
      AvroSchema::parse(R"({"type":"record","name":"a.Outer","fields":[)"
                        R"({"name":"x","type":{"type":"record","name":"Inner","fields":[]}},)"
                        R"({"name":"y","type":"a.Inner"},{"name":"z","type":"Inner"}]})");
  const avro::SchemaNode& root = *schema.tree().root;

  EXPECT_EQ(schema.full_name(), "a.Outer");
  EXPECT_EQ(root.fields[0].type->name, "a.Inner");
  EXPECT_EQ(root.fields[1].type, root.fields[0].type);
  EXPECT_EQ(root.fields[2].type, root.fields[0].type);
}

TEST(AvroSchema, PrimitiveTypesMayStandInAnObjectOrAlone) {
  EXPECT_EQ(AvroSchema::parse(R"({"type":"int"})").kind(), AvroKind::int32);
  EXPECT_EQ(AvroSchema::parse(R"({"type":{"type":"int"}})").kind(), AvroKind::int32);
  EXPECT_EQ(AvroSchema::parse(R"("int")").kind(), AvroKind::int32);
  EXPECT_EQ(AvroSchema::parse("int").kind(), AvroKind::int32);
}

TEST(AvroSchema, KeepsItsText) {
  const std::string text = R"({ "type" : "string" })";

  EXPECT_EQ(AvroSchema::parse(text).text(), text);
}

TEST(AvroSchema, SaysWhatIsWrong) {
  EXPECT_THAT(problem_of("{"), HasSubstr("JSON"));
  EXPECT_THAT(problem_of("5"), HasSubstr("a type"));
  EXPECT_THAT(problem_of("{}"), HasSubstr("\"type\""));
  EXPECT_THAT(problem_of(R"("shop.Order")"), AllOf(HasSubstr("shop.Order"), HasSubstr("defined")));
  EXPECT_THAT(problem_of(R"({"type":"record","name":"R"})"), HasSubstr("\"fields\""));
  EXPECT_THAT(problem_of(R"({"type":"record","fields":[]})"), HasSubstr("\"name\""));
  EXPECT_THAT(problem_of(R"({"type":"array"})"), HasSubstr("\"items\""));
  EXPECT_THAT(problem_of(R"({"type":"map"})"), HasSubstr("\"values\""));
  EXPECT_THAT(problem_of(R"({"type":"enum","name":"E"})"), HasSubstr("\"symbols\""));
  EXPECT_THAT(problem_of(R"({"type":"fixed","name":"F","size":-1})"), HasSubstr("\"size\""));
  EXPECT_THAT(problem_of(R"({"type":"fixed","name":"F","size":9999999999})"),
              HasSubstr("\"size\""));
  EXPECT_THAT(problem_of(R"(["int","int"])"), HasSubstr("two of int"));
  EXPECT_THAT(problem_of(R"([["int"]])"), HasSubstr("a union directly in a union"));
  EXPECT_THAT(problem_of(R"({"type":"record","name":"R","fields":[)"
                         R"({"name":"a","type":"int"},{"name":"a","type":"int"}]})"),
              AllOf(HasSubstr("R"), HasSubstr("two fields \"a\"")));
  EXPECT_THAT(problem_of(R"([{"type":"fixed","name":"F","size":1},)"
                         R"({"type":"enum","name":"F","symbols":[]}])"),
              HasSubstr("defined twice"));
}

TEST(AvroSchema, RefusesTextThatNestsTooDeeply) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += R"({"type":"array","items":)";

  EXPECT_THAT(problem_of(deep), HasSubstr("nesting"));
}

}  // namespace
}  // namespace moldau
