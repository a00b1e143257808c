#include "membership/wire_topology.h"

#include "membership/wire_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::inline v0::membership {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names(const std::vector<kafka::wire::TopicInfo>& topics) {
  std::vector<std::string> result;
  for (const auto& topic : topics) result.push_back(topic.name);
  return result;
}

kafka::InternalTopic topic(std::string name) {
  kafka::InternalTopic result;
  result.name = std::move(name);
  return result;
}

kafka::Subtopology part(int id) {
  kafka::Subtopology result;
  result.id = SubtopologyId{id};
  return result;
}

kafka::CopartitionGroup group(std::vector<std::string> sources,
                              std::vector<std::string> repartitioned = {}) {
  return {.source_topics = std::move(sources), .repartition_topics = std::move(repartitioned)};
}

TEST(WireTopology, SubtopologiesAreSortedAsTexts) {
  const auto topology = to_wire(kafka::Subscription{{part(2), part(10), part(0), part(1)}});

  EXPECT_EQ(topology.epoch, 0);
  std::vector<std::string> ids;
  for (const auto& each : topology.subtopologies) ids.push_back(each.subtopology_id);
  EXPECT_THAT(ids, ElementsAre("0", "1", "10", "2"));
}

TEST(WireTopology, EveryListOfTopicsIsSorted) {
  kafka::Subtopology one = part(0);
  one.source_topics = {"b", "a", "b"};
  one.repartition_sink_topics = {"z", "y", "z"};
  one.changelog_topics = {topic("s2"), topic("s1")};
  one.repartition_source_topics = {topic("r2"), topic("r1")};

  const auto encoded = to_wire(kafka::Subscription{{one}}).subtopologies.front();

  EXPECT_THAT(encoded.source_topics, ElementsAre("a", "b"));
  EXPECT_THAT(encoded.repartition_sink_topics, ElementsAre("y", "z"));
  EXPECT_THAT(names(encoded.state_changelog_topics), ElementsAre("s1", "s2"));
  EXPECT_THAT(names(encoded.repartition_source_topics), ElementsAre("r1", "r2"));
  EXPECT_TRUE(encoded.source_topic_regex.empty());
}

TEST(WireTopology, AnInternalTopicKeepsItsCountsAndItsSortedConfig) {
  kafka::Subtopology one = part(0);
  kafka::InternalTopic words = topic("app-words-repartition");
  words.partitions = 5;
  words.replication = 3;
  words.config = {{"segment.bytes", "52428800"}, {"cleanup.policy", "delete"}};
  one.repartition_source_topics = {words};

  const auto info =
      to_wire(kafka::Subscription{{one}}).subtopologies.front().repartition_source_topics.front();

  EXPECT_EQ(info.partitions, 5);
  EXPECT_EQ(info.replication_factor, 3);
  EXPECT_THAT(info.topic_configs, ElementsAre(kafka::wire::KeyValue{"cleanup.policy", "delete"},
                                              kafka::wire::KeyValue{"segment.bytes", "52428800"}));
}

TEST(WireTopology, TheDefaultReplicationFactorIsTheBrokers) {
  kafka::Subtopology one = part(0);
  one.changelog_topics = {topic("app-counts-changelog")};

  const auto info =
      to_wire(kafka::Subscription{{one}}).subtopologies.front().state_changelog_topics.front();

  EXPECT_EQ(info.replication_factor, -1);
  EXPECT_EQ(info.partitions, 0);
}

// Seen from the reference: a broker that knows this group refuses [0, 1].
TEST(WireTopology, CopartitionIndexesComeInTheOrderOfAJavaHashSet) {
  kafka::Subtopology one = part(0);
  one.source_topics = {"probe-in-a", "probe-in-b"};
  one.copartition_groups = {group({"probe-in-a", "probe-in-b"})};

  const auto encoded = to_wire(kafka::Subscription{{one}}).subtopologies.front();

  ASSERT_EQ(encoded.copartition_groups.size(), 1U);
  EXPECT_THAT(encoded.copartition_groups.front().source_topics, ElementsAre(1, 0));
}

TEST(WireTopology, CopartitionIndexesPointIntoTheSortedLists) {
  kafka::Subtopology one = part(0);
  one.source_topics = {"z", "a", "other"};
  one.repartition_source_topics = {topic("r2"), topic("r1")};
  one.copartition_groups = {group({"z"}, {"r2"})};

  const auto encoded = to_wire(kafka::Subscription{{one}}).subtopologies.front();

  EXPECT_THAT(encoded.copartition_groups.front().source_topics, ElementsAre(2));
  EXPECT_THAT(encoded.copartition_groups.front().repartition_source_topics, ElementsAre(1));
  EXPECT_TRUE(encoded.copartition_groups.front().source_topic_regex.empty());
}

// A set's hash is the sum of its elements': "a" + "b" = 195 (bucket 3), "c" + "d" = 199 (7),
// "o" + "p" = 223 (15), "p" + "q" = 225 (1) in sixteen buckets.
TEST(WireTopology, GroupsComeInTheOrderOfAJavaHashSetOfSets) {
  kafka::Subtopology one = part(0);
  one.source_topics = {"a", "b", "c", "d", "m", "n"};  // "m" + "n" = 219 (11)
  one.copartition_groups = {group({"n", "m"}), group({"c", "d"}), group({"a", "b"})};

  const auto encoded = to_wire(kafka::Subscription{{one}}).subtopologies.front();

  ASSERT_EQ(encoded.copartition_groups.size(), 3U);
  EXPECT_THAT(encoded.copartition_groups[0].source_topics, ElementsAre(0, 1));
  EXPECT_THAT(encoded.copartition_groups[1].source_topics, ElementsAre(2, 3));
  EXPECT_THAT(encoded.copartition_groups[2].source_topics, ElementsAre(4, 5));
}

TEST(WireTopology, TheOrderOfTheSubscriptionDoesNotMatter) {
  kafka::Subtopology one = part(0);
  one.source_topics = {"probe-in-a", "probe-in-b"};
  one.copartition_groups = {group({"probe-in-a", "probe-in-b"})};
  kafka::Subtopology turned = one;
  turned.source_topics = {"probe-in-b", "probe-in-a"};
  turned.copartition_groups = {group({"probe-in-b", "probe-in-a"})};

  EXPECT_EQ(to_wire(kafka::Subscription{{part(1), one}}),
            to_wire(kafka::Subscription{{turned, part(1)}}));
}

TEST(WireTasks, AreGroupedBySubtopology) {
  const kafka::TaskSet tasks = {{SubtopologyId{1}, PartitionId{3}},
                                {SubtopologyId{0}, PartitionId{2}},
                                {SubtopologyId{1}, PartitionId{0}}};

  const auto encoded = to_wire(tasks);

  ASSERT_EQ(encoded.size(), 2U);
  EXPECT_EQ(encoded[0].subtopology_id, "0");
  EXPECT_THAT(encoded[1].partitions, ElementsAre(0, 3));
  EXPECT_EQ(from_wire(encoded), tasks);
}

TEST(WireTasks, ASubtopologyWithoutANumberIsNotTaken) {
  for (const char* id : {"", "x", "1x", "-1", "99999999999"}) {
    const std::vector<kafka::wire::TaskIds> tasks = {{.subtopology_id = id, .partitions = {0}}};
    EXPECT_FALSE(from_wire(tasks)) << id;
  }
}

}  // namespace
}  // namespace moldau::inline v0::membership
