#include "kafka/memory/task_assignor.h"
#include "kafka/memory/topic_table.h"
#include "kafka/topology_topics.h"
#include "test_seed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace moldau {

namespace {

using namespace kafka;
using namespace kafka::memory;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

AssignorTasks tasks_of(int subtopologies, int partitions) {
  AssignorTasks tasks;
  for (int part = 0; part < subtopologies; ++part) {
    for (int partition = 0; partition < partitions; ++partition) {
      tasks.all.insert({SubtopologyId{part}, PartitionId{partition}});
    }
  }
  tasks.with_state = tasks.all;
  return tasks;
}

TEST(TaskAssignor, SharesDifferByOneAtMostAndEveryTaskHasOneOwnerWhoeverComesAndGoes) {
  std::mt19937_64 random{test_seed()};
  std::map<std::string, AssignorMember> members;
  for (int round = 0; round < 300; ++round) {
    const AssignorTasks tasks =
        tasks_of(1 + static_cast<int>(random() % 3), 1 + static_cast<int>(random() % 9));
    const std::string id = "m" + std::to_string(random() % 7);
    if (members.erase(id) == 0) {
      members[id].process_id = "p" + std::to_string(random() % 3);
    }
    if (members.empty()) continue;

    const Assignment assignment = assign_tasks(tasks, members, random() % 3);

    std::size_t least = std::numeric_limits<std::size_t>::max();
    std::size_t most = 0;
    std::size_t total = 0;
    TaskSet all;
    for (auto& [member, given] : assignment) {
      least = std::min(least, given.active.size());
      most = std::max(most, given.active.size());
      total += given.active.size();
      all.insert(given.active.begin(), given.active.end());
      members.at(member).previous = given;
    }
    ASSERT_EQ(all, tasks.all) << "round " << round;
    ASSERT_EQ(total, tasks.all.size()) << "round " << round;
    ASSERT_LE(most - least, 1U) << "round " << round;
  }
}

TEST(TaskAssignor, OnlyAsManyTasksMoveAsMust) {
  const AssignorTasks tasks = tasks_of(2, 4);
  std::map<std::string, AssignorMember> members{{"a", {.process_id = "a", .previous = {}}}};
  members["a"].previous = assign_tasks(tasks, members, 0).at("a");
  members["b"].process_id = "b";

  const Assignment assignment = assign_tasks(tasks, members, 0);

  EXPECT_EQ(assignment.at("a").active.size(), 4U);
  EXPECT_TRUE(std::ranges::includes(members["a"].previous.active, assignment.at("a").active));
  // Half of each sub-topology moves.
  for (int part = 0; part < 2; ++part) {
    EXPECT_EQ(
        std::ranges::count(assignment.at("b").active, SubtopologyId{part}, &TaskId::subtopology),
        2);
  }
}

TEST(TaskAssignor, ATaskGoesToWhoHasItsStandby) {
  const AssignorTasks tasks = tasks_of(1, 2);
  const TaskId lost{SubtopologyId{0}, PartitionId{1}};
  std::map<std::string, AssignorMember> members{
      {"a", {.process_id = "a", .previous = {}}},
      {"b", {.process_id = "b", .previous = {.active = {}, .standby = {lost}}}}};

  const Assignment assignment = assign_tasks(tasks, members, 0);

  EXPECT_TRUE(assignment.at("b").active.contains(lost));
}

class TopicsOfATopology : public ::testing::Test {
 protected:
  void make(const std::string& name, std::int32_t partitions) {
    ASSERT_TRUE(topics_.create({.name = name, .partitions = partitions, .config = {}}).ok());
  }
  static InternalTopic internal(const std::string& name, std::int32_t partitions = 0) {
    return {.name = name, .partitions = partitions, .config = {}};
  }
  static Subtopology part(std::int32_t id) {
    Subtopology made;
    made.id = SubtopologyId{id};
    return made;
  }
  [[nodiscard]] std::map<std::string, std::int32_t> created(const TopologyTopics& plan) const {
    std::map<std::string, std::int32_t> counts;
    for (const NewTopic& topic : plan.to_create) counts.emplace(topic.name, topic.partitions);
    return counts;
  }

  TopicTable topics_{1'000};
};

TEST_F(TopicsOfATopology, ARepartitionTopicHasAsManyPartitionsAsTheLargestInputOfItsWriters) {
  make("small", 2);
  make("large", 5);
  Subtopology writer = part(0);
  writer.source_topics = {"large", "small"};
  writer.repartition_sink_topics = {"first"};
  Subtopology middle = part(1);
  middle.repartition_source_topics = {internal("first")};
  middle.repartition_sink_topics = {"second"};
  Subtopology last = part(2);
  last.repartition_source_topics = {internal("second")};
  last.changelog_topics = {internal("changelog")};

  // Whatever the order of the sub-topologies.
  const TopologyTopics plan =
      plan_topics(std::vector{last, middle, writer}, topics_.partition_counts());

  EXPECT_THAT(plan.mismatch, IsEmpty());
  EXPECT_EQ(created(plan),
            (std::map<std::string, std::int32_t>{{"first", 5}, {"second", 5}, {"changelog", 5}}));
  EXPECT_EQ(plan.tasks.at(SubtopologyId{2}), 5);
}

TEST_F(TopicsOfATopology, ARepartitionTopicAgreesWithWhatItIsJoinedWith) {
  make("in", 2);
  make("table", 6);
  Subtopology writer = part(0);
  writer.source_topics = {"in"};
  writer.repartition_sink_topics = {"rekeyed"};
  Subtopology joins = part(1);
  joins.source_topics = {"table"};
  joins.repartition_source_topics = {internal("rekeyed")};
  joins.copartition_groups = {{.source_topics = {"table"}, .repartition_topics = {"rekeyed"}}};

  const TopologyTopics plan = plan_topics(std::vector{writer, joins}, topics_.partition_counts());

  EXPECT_EQ(created(plan), (std::map<std::string, std::int32_t>{{"rekeyed", 6}}));
}

TEST_F(TopicsOfATopology, UnequalCountsOfAJoinAreNamed) {
  make("left", 2);
  make("right", 3);
  Subtopology joins = part(0);
  joins.source_topics = {"left", "right"};
  joins.copartition_groups = {{.source_topics = {"left", "right"}, .repartition_topics = {}}};

  const TopologyTopics plan = plan_topics(std::vector{joins}, topics_.partition_counts());

  EXPECT_THAT(plan.mismatch, HasSubstr("left has 2, right has 3"));
  EXPECT_THAT(plan.tasks, IsEmpty());
}

TEST_F(TopicsOfATopology, AnInternalTopicThatExistsMustFit) {
  make("in", 2);
  make("changelog", 3);
  Subtopology counts = part(0);
  counts.source_topics = {"in"};
  counts.changelog_topics = {internal("changelog")};

  const TopologyTopics plan = plan_topics(std::vector{counts}, topics_.partition_counts());

  EXPECT_THAT(plan.mismatch, HasSubstr("changelog has 3 partitions, the topology needs 2"));
}

TEST_F(TopicsOfATopology, AChangelogThatIsASourceTopicIsLeftAsItIs) {
  make("in", 3);
  make("table", 2);
  Subtopology joins = part(0);
  joins.source_topics = {"in", "table"};
  joins.changelog_topics = {internal("table")};

  const TopologyTopics plan = plan_topics(std::vector{joins}, topics_.partition_counts());

  EXPECT_EQ(plan.mismatch, "");
  EXPECT_THAT(created(plan), IsEmpty());
}

TEST_F(TopicsOfATopology, AFixedCountStays) {
  make("in", 2);
  Subtopology writer = part(0);
  writer.source_topics = {"in"};
  writer.repartition_sink_topics = {"fixed"};
  Subtopology reader = part(1);
  reader.repartition_source_topics = {internal("fixed", 7)};

  const TopologyTopics plan = plan_topics(std::vector{writer, reader}, topics_.partition_counts());

  EXPECT_EQ(created(plan), (std::map<std::string, std::int32_t>{{"fixed", 7}}));
}

TEST_F(TopicsOfATopology, AllMissingSourcesAreNamed) {
  Subtopology reads = part(0);
  reads.source_topics = {"one", "two"};

  EXPECT_THAT(plan_topics(std::vector{reads}, topics_.partition_counts()).missing_sources,
              ::testing::ElementsAre("one", "two"));
}

TEST(TopicTable, ACompactedTopicTakesNoRecordWithoutAKey) {
  TopicTable topics{1'000};
  ASSERT_TRUE(
      topics.create({.name = "t", .partitions = 1, .config = {{"cleanup.policy", "compact"}}})
          .ok());

  const Result<Offset> refused = topics.append({"t", PartitionId{0}}, LogEntry{}, Timestamp{});

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_request);
}

TEST(TopicTable, ABadSettingIsNamedWithItsValue) {
  TopicTable topics{1'000};

  const Status status =
      topics.create({.name = "t", .partitions = 1, .config = {{"min.cleanable.dirty.ratio", "2"}}});

  EXPECT_THAT(std::string{status.message()},
              HasSubstr("min.cleanable.dirty.ratio is \"2\", expected a number from 0 to 1"));
}

}  // namespace

}  // namespace moldau
