#include "moldau/base/error.h"
#include "moldau/serde/avro/value.h"

#include "schema_registry/serde_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(AvroValue, IsOfTheTypeItWasMadeFrom) {
  EXPECT_EQ(AvroValue{}.kind(), AvroKind::null);
  EXPECT_EQ(AvroValue{true}.kind(), AvroKind::boolean);
  EXPECT_EQ(AvroValue{1}.kind(), AvroKind::int32);
  EXPECT_EQ(AvroValue{1LL}.kind(), AvroKind::int64);
  EXPECT_EQ(AvroValue{1.0F}.kind(), AvroKind::float32);
  EXPECT_EQ(AvroValue{1.0}.kind(), AvroKind::float64);
  EXPECT_EQ(AvroValue{"x"}.kind(), AvroKind::string);
  EXPECT_EQ(AvroValue{ByteBuffer{}}.kind(), AvroKind::bytes);
  EXPECT_EQ(AvroValue::fixed({}).kind(), AvroKind::fixed);
  EXPECT_EQ(AvroValue::symbol("X").kind(), AvroKind::enumeration);
  EXPECT_EQ(AvroValue::array({}).kind(), AvroKind::array);
  EXPECT_EQ(AvroValue::map({}).kind(), AvroKind::map);
  EXPECT_EQ(AvroValue::record("R", {}).kind(), AvroKind::record);
}

TEST(AvroValue, NumbersAreReadAsWiderOnes) {
  EXPECT_EQ(AvroValue{5}.as_int64(), 5);
  EXPECT_EQ(AvroValue{5}.as_double(), 5.0);
  EXPECT_EQ(AvroValue{0.5F}.as_double(), 0.5);
}

TEST(AvroValue, SaysWhatItIsWhenAskedForSomethingElse) {
  EXPECT_THAT(failure_of<SerdeError>([] { static_cast<void>(AvroValue{"5"}.as_int64()); }),
              AllOf(HasSubstr("long"), HasSubstr("found string")));
  EXPECT_THAT(failure_of<SerdeError>([] { static_cast<void>(AvroValue{5}.as_entries()); }),
              AllOf(HasSubstr("record"), HasSubstr("found int")));
}

TEST(AvroValue, FieldsAndEntriesAreFoundByName) {
  const AvroValue order = AvroValue::record("Order", {{"item", "tea"}, {"count", 2}});

  EXPECT_EQ(order["count"].as_int64(), 2);
  EXPECT_EQ(order.find("town"), nullptr);
  EXPECT_THAT(failure_of<SerdeError>([&] { static_cast<void>(order["town"]); }),
              HasSubstr("\"town\""));
}

}  // namespace
}  // namespace moldau
