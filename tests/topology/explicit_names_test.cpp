// ensure.explicit.internal.resource.naming

#include "moldau/moldau.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Text = std::string;

const auto by_value = [](const Text& v) { return v; };
const auto both = [](const Text& x, const Text& y) { return x + y; };

Text refusal(const StreamsBuilder& builder) {
  try {
    static_cast<void>(builder.build({.ensure_explicit_internal_resource_naming = true}));
  } catch (const TopologyError& e) {
    return e.what();
  }
  return {};
}

TEST(ExplicitNames, AreNotAskedForUnlessConfigured) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by(by_value).count();

  EXPECT_NO_THROW(static_cast<void>(builder.build()));
}

TEST(ExplicitNames, AreEnoughIfEveryStoreAndTopicHasOne) {
  StreamsBuilder builder;
  const auto in = builder.stream<Text, Text>("in");
  in.group_by(by_value, {.name = "g"}).count({.name = "counts"});
  in.join(builder.table<Text, Text>("t", {}, {.name = "t"}), both);
  in.select_key(by_value).join(in, both, JoinWindows::within(5ms),
                               {.name = "j", .store_name = "js"});
  in.select_key(by_value).repartition({.name = "r"}).to("out");

  EXPECT_THAT(refusal(builder), IsEmpty());
}

TEST(ExplicitNames, OfAStoreNameTheRepartitionTopicInFrontOfIt) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by(by_value).count({.name = "counts"});

  EXPECT_THAT(refusal(builder), IsEmpty());
}

TEST(ExplicitNames, AllThatAreMissingAreListed) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by(by_value).count({.name = "counts"});
  builder.stream<Text, Text>("in2").group_by(by_value).count({.logging = false});
  builder.table<Text, Text>("t");

  EXPECT_THAT(
      refusal(builder),
      AllOf(HasSubstr("\n  changelog topics: t-STATE-STORE-"),
            HasSubstr("\n  stores: KSTREAM-AGGREGATE-STATE-STORE-"), HasSubstr(", t-STATE-STORE-"),
            HasSubstr("\n  repartition topics: KSTREAM-AGGREGATE-STATE-STORE-"),
            Not(HasSubstr("counts"))));
}

TEST(ExplicitNames, AreAskedForWhateverTheRewritesTakeAway) {
  StreamsBuilder builder;
  builder.table<Text, Text>("t").to_stream().to("out");
  const TopologyConfig config{.optimization = Optimization::all(),
                              .ensure_explicit_internal_resource_naming = true};

  EXPECT_THROW(static_cast<void>(builder.build(config)), TopologyError);
}

}  // namespace
}  // namespace moldau
