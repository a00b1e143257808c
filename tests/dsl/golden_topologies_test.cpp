#include "moldau/topology/subscription.h"

#include "dsl/golden_programs.h"
#include "golden_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace moldau::test {
namespace {

using nlohmann::json;
using testing::ElementsAreArray;

// `name/optimization`.
std::string id_of(const json& entry) {
  return entry["name"].get<std::string>() + "/" + entry["topology.optimization"].get<std::string>();
}

// Entries that need operators, or rewrite rules, that do not exist yet. An entry that is neither
// here nor among the programs fails; so does one that is in both.
const std::set<std::string> waiting = {
    // print, process
    "stateless_all/none",
    // pattern sources
    "pattern_source/none",
    // rewrite rules chosen by topology.optimization
    "two_aggs_same_grouped_repartition/all",
    "two_aggs_named_grouped_repartition/all",
    "opt_merge_node/all",
    "opt_value_changer_blocks_merge/all",
    "opt_reuse_source/all",
    // joins
    "stream_self_join/all",
    "stream_table/all",
    "stream_table_left_repartition/all",
    "stream_table_named_repartition/all",
    "stream_table_grace/none",
    "stream_table_grace/all",
    "fk_join/all",
    "opt_merge_repartitions/none",
    "opt_merge_repartitions/all",
    // global stores
    "stores_and_global_store/none",
};

bool is_covered(const json& entry) {
  return entry["topology.optimization"] == "none" &&
         golden_programs().contains(entry["name"].get<std::string>());
}

std::vector<std::string> covered_names() {
  std::vector<std::string> covered;
  for (const json& entry : golden_file("topologies.json")) {
    if (is_covered(entry)) covered.push_back(entry["name"]);
  }
  return covered;
}

TEST(GoldenTopologies, EachIsEitherComparedOrListedAsWaiting) {
  std::set<std::string> known;
  for (const json& entry : golden_file("topologies.json")) {
    known.insert(id_of(entry));
    EXPECT_NE(is_covered(entry), waiting.contains(id_of(entry))) << id_of(entry);
  }
  EXPECT_TRUE(std::ranges::includes(known, waiting));
}

class GoldenTopology : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (json& entry : topologies_) {
      if (id_of(entry) == GetParam() + "/none") recorded_ = entry;
    }
  }

  static Topology build() {
    StreamsBuilder builder;
    golden_programs().at(GetParam())(builder);
    return builder.build();
  }

  const json& recorded(const char* what) const { return recorded_.at(what); }

 private:
  json topologies_ = golden_file("topologies.json");
  json recorded_;
};

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return texts;
}

TEST_P(GoldenTopology, IsDescribedAsByTheReference) {
  EXPECT_EQ(build().describe().to_string(), recorded("describe").get<std::string>());
}

TEST_P(GoldenTopology, HasTheReferencesNodesInItsWriteOrder) {
  const Topology topology = build();

  json nodes = json::array();
  for (const topology::NodeSpec& node : topology.plan().nodes) {
    json described = {{"name", node.name}, {"predecessors", node.parents}};
    if (node.kind == topology::NodeKind::source) {
      described["kind"] = "source";
      described["topics"] = node.topics;
    } else if (node.kind == topology::NodeKind::sink) {
      described["kind"] = "sink";
    } else {
      described["kind"] = "processor";
      described["stores"] = sorted(node.stores);  // recorded by name
    }
    nodes.push_back(std::move(described));
  }

  EXPECT_EQ(nodes, recorded("nodes_in_write_order"));
}

json topics_by_name(const std::vector<kafka::InternalTopic>& topics) {
  json result = json::object();
  for (const kafka::InternalTopic& topic : topics) {
    result[topic.name] = topic.config;
    if (topic.partitions != 0) result[topic.name]["(partitions)"] = topic.partitions;
  }
  return result;
}

// The reference's lists hold repartition topics too, and all sinks.
json as_recorded(const kafka::Subtopology& part, const std::set<std::string>& other_sinks) {
  std::vector<std::string> sources = part.source_topics;
  for (const kafka::InternalTopic& topic : part.repartition_source_topics) {
    sources.push_back(topic.name);
  }
  std::vector<std::string> sinks = part.repartition_sink_topics;
  sinks.insert(sinks.end(), other_sinks.begin(), other_sinks.end());
  return {{"subtopology", part.id.value()},
          {"source_topics", sorted(sources)},
          {"sink_topics", sorted(sinks)},
          {"changelogs", topics_by_name(part.changelog_topics)},
          {"repartitions", topics_by_name(part.repartition_source_topics)}};
}

std::set<std::string> user_sinks(const topology::TopologyPlan& plan, std::size_t part) {
  std::set<std::string> sinks;
  for (const std::size_t index : plan.subtopologies[part].nodes) {
    const topology::NodeSpec& node = plan.nodes[index];
    if (node.kind != topology::NodeKind::sink || node.topics.empty()) continue;
    if (plan.find_repartition_topic(node.topics[0]) == nullptr) sinks.insert(node.topics[0]);
  }
  return sinks;
}

TEST_P(GoldenTopology, AsksForTheReferencesInternalTopics) {
  const Topology topology = build();

  const kafka::Subscription subscription = topology::make_subscription(topology.plan(), "app");

  json asked = json::array();
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    const auto index = static_cast<std::size_t>(part.id.value());
    asked.push_back(as_recorded(part, user_sinks(topology.plan(), index)));
  }
  EXPECT_EQ(asked, recorded("internal_topics"));
}

// Those that are ours on purpose, with what they are.
json own_groups(const std::string& program) {
  if (program != "cogroup") return nullptr;
  // The reference names the topic before the repartition topic, which is in another sub-topology;
  // the streams protocol has no such groups.
  return json::array(
      {json::array({"app-COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000003-repartition", "i1"})});
}

TEST_P(GoldenTopology, HasTheReferencesCopartitionGroups) {
  json groups = json::array();
  for (const kafka::Subtopology& part :
       topology::make_subscription(build().plan(), "app").subtopologies) {
    for (const kafka::CopartitionGroup& group : part.copartition_groups) {
      std::vector<std::string> topics = group.source_topics;
      topics.insert(topics.end(), group.repartition_topics.begin(), group.repartition_topics.end());
      groups.push_back(sorted(std::move(topics)));
    }
  }
  const json own = own_groups(GetParam());
  EXPECT_EQ(groups, own.is_null() ? recorded("copartition_groups") : own);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTopology, testing::ValuesIn(covered_names()),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace moldau::test
