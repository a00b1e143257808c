#include "moldau/base/ids.h"

#include <gtest/gtest.h>

#include <limits>
#include <type_traits>
#include <unordered_set>

namespace moldau {
namespace {

static_assert(!std::is_convertible_v<PartitionId, Offset>);
static_assert(!std::is_convertible_v<Offset, std::int64_t>);
static_assert(!std::is_convertible_v<std::int64_t, Offset>);
static_assert(!std::is_constructible_v<PartitionId, SubtopologyId>);
static_assert(Offset{7} + 1 == Offset{8});
static_assert(Offset{7} - Offset{5} == 2);
static_assert(Offset{7} - 5 == Offset{2});
static_assert(Offset{1} < Offset{2});

TEST(TaskId, IsSubtopologyAndPartition) {
  const TaskId task{SubtopologyId{1}, PartitionId{12}};

  EXPECT_EQ(to_string(task), "1_12");
  EXPECT_EQ(parse_task_id("1_12"), task);
  EXPECT_EQ(parse_task_id("0_2147483647"),
            (TaskId{SubtopologyId{0}, PartitionId{std::numeric_limits<std::int32_t>::max()}}));
}

TEST(TaskId, HasOneTextOnly) {
  for (const char* text : {"", "_", "1_", "_1", "1", "a_1", "1_a", "1_2_3", " 1_2", "1_2 ", "-1_2",
                           "1_-2", "-0_1", "+1_2", "01_2", "1_02", "1_2147483648", "0x1_2"}) {
    EXPECT_EQ(parse_task_id(text), std::nullopt) << text;
  }
}

TEST(TaskId, IsOrderedBySubtopologyThenPartition) {
  const TaskId low{SubtopologyId{0}, PartitionId{10}};
  const TaskId high{SubtopologyId{1}, PartitionId{2}};

  EXPECT_LT(low, high);
  EXPECT_EQ((std::unordered_set<TaskId>{low, high, low}).size(), 2U);
}

TEST(TopicPartition, IsWrittenAsTheReferenceWritesIt) {
  const TopicPartition partition{"a-topic", PartitionId{3}};

  EXPECT_EQ(to_string(partition), "a-topic-3");
  EXPECT_EQ((std::unordered_set<TopicPartition>{partition, partition}).size(), 1U);
  EXPECT_LT(partition, (TopicPartition{"a-topic", PartitionId{4}}));
}

}  // namespace
}  // namespace moldau
