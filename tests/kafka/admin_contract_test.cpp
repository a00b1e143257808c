#include "kafka/contract.h"

namespace moldau {

namespace {

using kafka::NewTopic;

class AdminContract : public KafkaContract {};

TEST_F(AdminContract, ATopicIsDescribedOnceItIsMadeAndNotAfterItIsDeleted) {
  const auto client = admin();
  const std::string topic = make_topic(3);

  EXPECT_EQ(partitions_of(*client, topic), 3);
  ASSERT_TRUE(client->delete_topics({&topic, 1}, patience).ok());

  EXPECT_TRUE(eventually(patience, [&] { return partitions_of(*client, topic) == -1; }));
}

TEST_F(AdminContract, TopicsThatDoNotExistAreLeftOut) {
  const auto client = admin();
  const std::vector<std::string> topics{unique("missing"), make_topic(2)};

  const auto found = client->describe_topics(topics, patience);

  ASSERT_TRUE(found.ok()) << found.error().message();
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().name, topics[1]);
}

TEST_F(AdminContract, ASecondTopicOfTheSameNameIsRefused) {
  const auto client = admin();
  const NewTopic topic{.name = make_topic(), .partitions = 1, .config = {}};

  EXPECT_EQ(client->create_topics({&topic, 1}, patience).code(), ErrorCode::already_exists);
}

TEST_F(AdminContract, ABadSettingIsRefused) {
  const auto client = admin();
  const NewTopic topic{
      .name = unique("bad"), .partitions = 1, .config = {{"cleanup.policy", "shred"}}};

  const Status status = client->create_topics({&topic, 1}, patience);

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(status.retriable()) << status.message();
  EXPECT_EQ(partitions_of(*client, topic.name), -1);
}

TEST_F(AdminContract, DeletingBeyondTheEndIsRefused) {
  const auto client = admin();
  const kafka::PartitionPosition beyond{.partition = {make_topic(), PartitionId{0}},
                                        .offset = Offset{5}};

  EXPECT_FALSE(insist([&] { return client->delete_records({&beyond, 1}, patience); }).ok());
}

TEST_F(AdminContract, OffsetsComeInTheOrderAsked) {
  const std::string topic = make_topic(3);
  const auto writer = producer();
  const TopicHandle handle = writer->topic(topic, false);
  ASSERT_TRUE(writer->send(record(handle, "a", PartitionId{2})).ok());
  flush(*writer);
  const std::vector<TopicPartition> asked{{topic, PartitionId{2}}, {topic, PartitionId{0}}};

  std::vector<kafka::OffsetRange> ranges;
  const Status answered = insist([&] {
    auto answer = admin()->list_offsets(asked, kafka::Isolation::read_committed, call_timeout);
    if (answer) ranges = *answer;
    return answer.error();
  });

  ASSERT_TRUE(answered.ok()) << answered.message();
  EXPECT_EQ(ranges.at(0).end, Offset{1});
  EXPECT_EQ(ranges.at(1).end, Offset{0});
}

}  // namespace

}  // namespace moldau
