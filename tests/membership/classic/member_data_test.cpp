#include "membership/classic/member_data.h"

#include "test_seed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace moldau::inline v0::membership::classic {

namespace {

using ::testing::HasSubstr;

TaskId task_id(int subtopology, int partition) {
  return {SubtopologyId{subtopology}, PartitionId{partition}};
}

SubscriptionData subscription() {
  return {.topics = {"in", "app-words-repartition"},
          .process_id = "process",
          .nonce = -7,
          .topology = 0xfedcba9876543210,
          .asks_for_shutdown = true,
          .owned = {.active = {task_id(0, 0), task_id(1, 3)}, .standby = {task_id(0, 1)}},
          .stored = {task_id(0, 2)}};
}

AssignmentData assignment() {
  return {.partitions = {{"in", {PartitionId{0}, PartitionId{2}}}, {"other", {PartitionId{1}}}},
          .verdict = AssignmentData::Verdict::not_yet,
          .nonce = 9,
          .topology = 1,
          .shutdown_requested = true,
          .tasks = {.active = {task_id(0, 0)}, .standby = {task_id(2, 1)}},
          .detail = "why"};
}

TEST(MemberData, WhatIsWrittenIsRead) {
  const auto subscribed = decode_subscription(Bytes{encode(subscription())});
  const auto assigned = decode_assignment(Bytes{encode(assignment())});

  ASSERT_TRUE(subscribed.ok()) << subscribed.error().message();
  EXPECT_EQ(*subscribed, subscription());
  ASSERT_TRUE(assigned.ok()) << assigned.error().message();
  EXPECT_EQ(*assigned, assignment());
}

TEST(MemberData, TheEnvelopeIsThatOfKafkasConsumers) {
  const std::string bytes = encode(SubscriptionData{.topics = {"in"}, .process_id = "p"});

  // Version 0, one topic of two bytes, then the length of what is ours.
  EXPECT_EQ(bytes.substr(0, 10), (std::string{"\0\0\0\0\0\1\0\2in", 10}));
  EXPECT_EQ(static_cast<std::size_t>(static_cast<unsigned char>(bytes[13])), bytes.size() - 14);
}

TEST(MemberData, ALaterVersionIsNamed) {
  std::string bytes = encode(SubscriptionData{.topics = {}, .process_id = "p"});
  bytes[11] = 2;  // behind the envelope's version, no topics, and a length

  const auto read = decode_subscription(Bytes{bytes});

  ASSERT_FALSE(read.ok());
  EXPECT_THAT(std::string{read.error().message()}, HasSubstr("version is 2"));
}

TEST(MemberData, BytesThatAreSomethingElseAreRefusedWhateverTheyAre) {
  std::mt19937_64 random{test_seed()};
  for (const std::string& valid : {encode(subscription()), encode(assignment())}) {
    for (std::size_t size = 0; size < valid.size(); ++size) {
      const std::string cut = valid.substr(0, size);
      EXPECT_FALSE(decode_subscription(Bytes{cut}).ok() && decode_assignment(Bytes{cut}).ok());
    }
    for (int round = 0; round < 2'000; ++round) {
      std::string bent = valid;
      for (int change = 0; change < 3; ++change) {
        bent[random() % bent.size()] = static_cast<char>(random());
      }
      static_cast<void>(decode_subscription(Bytes{bent}));
      static_cast<void>(decode_assignment(Bytes{bent}));
    }
  }
}

TEST(MemberData, TheDigestOfATopologyIsThatOfItsTopicsAndNotOfTheirOrder) {
  kafka::Subtopology part{.id = SubtopologyId{0},
                          .source_topics = {"a", "b"},
                          .repartition_sink_topics = {},
                          .changelog_topics = {},
                          .repartition_source_topics = {},
                          .copartition_groups = {}};
  const std::uint64_t digest = topology_digest({{part}});

  part.source_topics = {"b", "a"};
  EXPECT_EQ(topology_digest({{part}}), digest);
  part.source_topics = {"a", "c"};
  EXPECT_NE(topology_digest({{part}}), digest);
}

}  // namespace

}  // namespace moldau::inline v0::membership::classic
