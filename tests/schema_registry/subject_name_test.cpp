#include "moldau/base/error.h"
#include "moldau/serde/schema_registry.h"

#include "schema_registry/serde_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau {
namespace {

using ::testing::HasSubstr;

TEST(SubjectName, FollowsTheNaming) {
  EXPECT_EQ(subject_name({.topic = "orders"}, "shop.Order"), "orders-value");
  EXPECT_EQ(subject_name({.topic = "orders", .is_key = true}, "shop.Order"), "orders-key");
  EXPECT_EQ(subject_name({.topic = "orders", .naming = SubjectNaming::record_name}, "shop.Order"),
            "shop.Order");
  EXPECT_EQ(
      subject_name({.topic = "orders", .naming = SubjectNaming::topic_record_name}, "shop.Order"),
      "orders-shop.Order");
}

TEST(SubjectName, NeedsATopicOnlyIfItIsInTheName) {
  EXPECT_EQ(subject_name({.naming = SubjectNaming::record_name}, "shop.Order"), "shop.Order");
  EXPECT_THAT(
      failure_of<SchemaRegistryError>([] { static_cast<void>(subject_name({}, "shop.Order")); }),
      HasSubstr("RegistrySerdeOptions::topic"));
}

TEST(SubjectName, NeedsARecordOnlyIfItIsInTheName) {
  EXPECT_EQ(subject_name({.topic = "orders"}, ""), "orders-value");
  EXPECT_THAT(failure_of<SchemaRegistryError>([] {
                static_cast<void>(
                    subject_name({.topic = "orders", .naming = SubjectNaming::record_name}, ""));
              }),
              HasSubstr("\"orders\""));
}

}  // namespace
}  // namespace moldau
