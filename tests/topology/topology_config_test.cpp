// What a configuration asks of a topology, and what was built.

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace moldau {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TopologyTestDriver;
using Text = std::string;

Topology table_topology(const TopologyConfig& config) {
  StreamsBuilder builder;
  builder.table<Text, Text>("t", {}, {.name = "rows"}).to_stream().to("out");
  return builder.build(config);
}

Text refusal(const Topology& topology, const Config& config) {
  try {
    const TopologyTestDriver driver{topology, config};
  } catch (const ConfigError& e) {
    return e.what();
  }
  return {};
}

TEST(TopologyConfig, IsRefusedIfTheTopologyWasBuiltWithoutIt) {
  Config config{.application_id = "app"};
  config.set("topology.optimization", "reuse.ktable.source.topics");

  EXPECT_THAT(refusal(table_topology({}), config),
              HasSubstr("topology.optimization is set, but the topology was built without it"));
  EXPECT_THAT(refusal(table_topology(config.topology), config), IsEmpty());
  EXPECT_THAT(refusal(table_topology({.optimization = Optimization::all()}), config), IsEmpty());

  config.set("ensure.explicit.internal.resource.naming", "true");
  EXPECT_THAT(refusal(table_topology({.optimization = Optimization::all()}), config),
              HasSubstr("ensure.explicit.internal.resource.naming is set"));
}

TEST(TopologyConfig, AsksNothingOfATopologyMadeNodeByNode) {
  TopologyBuilder builder;
  builder.add_source<Text, Text>("source", {"in"});
  builder.add_sink<Text, Text>("sink", "out", {"source"});
  Config config{.application_id = "app"};
  config.set("topology.optimization", "all");

  EXPECT_THAT(refusal(builder.build(), config), IsEmpty());
}

TEST(ReusedSourceTopic, IsTheChangelogOfTheTable) {
  const Topology topology = table_topology({.optimization = {.reuse_table_source_topics = true}});

  const topology::StorePlan* rows = topology.plan().find_store("rows");
  ASSERT_NE(rows, nullptr);
  EXPECT_EQ(rows->source_topic, "t");
  EXPECT_FALSE(rows->spec.logging);
  const Topology as_written = table_topology({});
  EXPECT_TRUE(as_written.plan().find_store("rows")->spec.logging);
}

TEST(ReusedSourceTopic, IsNotWrittenByTheTable) {
  const Topology topology = table_topology({.optimization = Optimization::all()});
  TopologyTestDriver driver{topology, Config{.application_id = "app"}};

  driver.input_topic<Text, Text>("t").pipe("k", "v", Timestamp{7});

  const auto sent = driver.take_sent();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].topic, "out");
  EXPECT_EQ(driver.store("rows").size(), 1U);
}

}  // namespace
}  // namespace moldau
