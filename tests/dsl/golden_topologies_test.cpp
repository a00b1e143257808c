#include "moldau/base/error.h"
#include "moldau/topology/subscription.h"

#include "dsl/golden_programs.h"
#include "golden_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace moldau::test {
namespace {

using nlohmann::json;
using testing::ElementsAreArray;

// `name/optimization`.
std::string id_of(const json& entry) {
  return entry["name"].get<std::string>() + "/" + entry["topology.optimization"].get<std::string>();
}

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const json& entry : golden_file("topologies.json")) ids.push_back(id_of(entry));
  return ids;
}

class GoldenTopology : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    for (json& entry : topologies_) {
      if (id_of(entry) == GetParam()) recorded_ = entry;
    }
  }

  [[nodiscard]] Topology build() const {
    StreamsBuilder builder;
    golden_programs().at(recorded("name"))(builder);
    const bool all = recorded("topology.optimization") == "all";
    return builder.build({.optimization = all ? Optimization::all() : Optimization{}});
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
  // A computed topic is a function: there it has been masked, here it has no name.
  const std::string expected = std::regex_replace(recorded("describe").get<std::string>(),
                                                  std::regex{"EXTRACTOR"}, "computed");
  EXPECT_EQ(build().describe().to_string(), expected);
}

TEST_P(GoldenTopology, HasTheReferencesNodesInItsWriteOrder) {
  const Topology topology = build();

  json nodes = json::array();
  for (const topology::NodeSpec& node : topology.plan().nodes) {
    json described = {{"name", node.name}, {"predecessors", node.parents}};
    if (node.kind == topology::NodeKind::source) {
      described["kind"] = "source";
      described["topics"] = node.topics;
      if (node.pattern) described["pattern"] = *node.pattern;
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
    // The reference leaves a part out as long as it does not know what topics match its pattern.
    if (part.source_topics.empty() && part.repartition_source_topics.empty()) continue;
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
  const json own = own_groups(recorded("name"));
  EXPECT_EQ(groups, own.is_null() ? recorded("copartition_groups") : own);
}

// The names after `what` in the reference's text, or in ours.
std::vector<std::string> listed(const std::string& text, const std::string& what) {
  std::vector<std::string> names;
  std::size_t at = text.find(what);
  if (at == std::string::npos) return names;
  std::istringstream line{text.substr(at + what.size(), text.find('\n', at) - at - what.size())};
  for (std::string name; line >> name;) names.push_back(name.substr(0, name.find(',')));
  return names;
}

std::string refusal_of_generated_names(const std::string& program) {
  StreamsBuilder builder;
  golden_programs().at(program)(builder);
  try {
    static_cast<void>(builder.build({.ensure_explicit_internal_resource_naming = true}));
  } catch (const TopologyError& e) {
    return e.what();
  }
  return {};
}

TEST(GoldenTopologies, GeneratedNamesAreRefusedAsByTheReference) {
  for (const json& entry : golden_file("explicit_naming.json")) {
    SCOPED_TRACE(entry["name"]);
    ASSERT_TRUE(golden_programs().contains(entry["name"])) << "no program here builds it";
    const json& error = entry["error_with_ensure_explicit_naming"];
    const std::string theirs = error.is_null() ? std::string{} : error.get<std::string>();

    const std::string ours = refusal_of_generated_names(entry["name"]);

    EXPECT_EQ(ours.empty(), theirs.empty()) << ours;
    for (const auto& [in_ours, in_theirs] :
         {std::pair{"changelog topics: ", "changelog topic(s) has not been named: "},
          std::pair{"  stores: ", "state store(s) has not been named: "},
          std::pair{"repartition topics: ", "repartition topic(s) has not been named: "}}) {
      EXPECT_EQ(listed(ours, in_ours), listed(theirs, in_theirs));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenTopology, testing::ValuesIn(all_ids()), [](const auto& param) {
  std::string name = param.param;
  std::ranges::replace(name, '/', '_');
  return name;
});

}  // namespace
}  // namespace moldau::test
