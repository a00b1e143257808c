#include "docs/snippet.h"

#include <gmock/gmock.h>

#include <iostream>

namespace moldau::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Topologies : public Snippet {
 protected:
  // Those that the program would make, in their order.
  static std::vector<std::string> repartition_topics(const Topology& topology) {
    std::vector<std::string> names;
    for (const auto& topic : topology.plan().repartition_topics) names.push_back(topic.name);
    return names;
  }
};

TEST_F(Topologies, NamesThatWereForgotten) {
  builder.stream<std::string, std::string>("in")
      .group_by([](const std::string& value) { return value; })
      .count()
      .to_stream()
      .to("out");
  const auto build = [&] {
    // [explicit names]
    config.set("ensure.explicit.internal.resource.naming", "true");
    Topology topology = builder.build(config.topology);  // throws TopologyError: lists their names
    // [explicit names end]
    return topology;
  };

  try {
    static_cast<void>(build());
    FAIL() << "nothing was refused";
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("KSTREAM-AGGREGATE-STATE-STORE-0000000002")));
  }
}

TEST_F(Topologies, TheText) {
  // [described program]
  builder.stream<std::string, std::string>("in")
      .select_key([](const std::string& value) { return value; })
      .group_by_key()
      .count({.name = "counts"})
      .to_stream()
      .to("out");

  Topology topology = builder.build();
  std::cout << topology.describe().to_string();
  // [described program end]

  EXPECT_EQ(topology.describe().to_string(), R"(Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> counts-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: counts-repartition-filter (stores: [])
      --> counts-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: counts-repartition-sink (topic: counts-repartition)
      <-- counts-repartition-filter

  Sub-topology: 1
    Source: counts-repartition-source (topics: [counts-repartition])
      --> KSTREAM-AGGREGATE-0000000002
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [counts])
      --> KTABLE-TOSTREAM-0000000006
      <-- counts-repartition-source
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- KTABLE-TOSTREAM-0000000006

)");
}

TEST_F(Topologies, TheTextOfTheLastRelease) {
  builder.stream<std::string, std::string>("in").to("out");
  // What the file would hold.
  const auto text_of = [](std::string_view /*file*/) {
    return R"(Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-SINK-0000000001
    Sink: KSTREAM-SINK-0000000001 (topic: out)
      <-- KSTREAM-SOURCE-0000000000

)";
  };

  // [text of the last release]
  EXPECT_EQ(builder.build(config.topology).describe().to_string(), text_of("topology.txt"));
  // [text of the last release end]
}

TEST_F(Topologies, RewrittenWhereTheConfigurationSaysSo) {
  config.bootstrap_servers = "localhost:9092";
  builder.table<std::string, std::string>("in", {}, {.name = "rows"}).to_stream().to("out");
  // [optimization]
  config.set("topology.optimization", "all");
  Streams streams{builder.build(config.topology), config};
  // [optimization end]

  EXPECT_EQ(streams.state(), StreamsState::created);
  EXPECT_THROW((Streams{builder.build(), config}), ConfigError);
}

TEST_F(Topologies, MergedRepartitionTopics) {
  output<std::string, std::int64_t>("views-of-users");
  output<std::string, std::int64_t>("purchases-of-users");
  const auto views = builder.stream<std::string, std::string>("views");
  // [merged topics]
  auto by_user = views.select_key([](const std::string& view) { return view.substr(0, 3); });
  by_user.group_by_key({.name = "views"}).count({.name = "views"}).to_stream().to("views-of-users");
  by_user.filter([](const std::string& view) { return view.ends_with("bought"); })
      .group_by_key({.name = "purchases"})
      .count({.name = "purchases"})
      .to_stream()
      .to("purchases-of-users");
  // [merged topics end]
  EXPECT_THAT(repartition_topics(builder.build()),
              ElementsAre("views-repartition", "purchases-repartition"));
  config.set("topology.optimization", "merge.repartition.topics");
  const Topology merged = builder.build(config.topology);
  EXPECT_THAT(repartition_topics(merged), ElementsAre("views-repartition"));

  expect(merged, R"(
    views 1 "ann saw" @1      ->  views-of-users ann 1 @1
    views 2 "ann bought" @2   ->  views-of-users ann 2 @2, purchases-of-users ann 1 @2
  )");
}

}  // namespace
}  // namespace moldau::test
