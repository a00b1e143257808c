#include "golden/golden.h"
#include "golden/hex.h"
#include "kafka/contract.h"

#include <algorithm>
#include <set>

// What arrives of what is sent, where, and what is said about it.
namespace moldau {

namespace {

using kafka::Isolation;
using ::testing::ElementsAre;

class WritingContract : public KafkaContract {};

TEST_F(WritingContract, KeysValuesTimesAndHeadersArriveAsTheyWereSent) {
  const std::string topic = make_topic();
  const auto writer = producer();
  const TopicHandle handle = writer->topic(topic, false);
  Headers headers;
  headers.add("twice", "one");
  headers.add("twice", "two");
  headers.add("empty", "");
  headers.add("null", std::nullopt);
  const auto send = [&](std::optional<Bytes> key, std::optional<Bytes> value, const Headers& with) {
    ASSERT_TRUE(writer
                    ->send({.topic = handle,
                            .partition = PartitionId{0},
                            .key = key,
                            .value = value,
                            .timestamp = Timestamp{std::int64_t{1'234'567'890'123}},
                            .headers = &with})
                    .ok());
  };

  send(Bytes{"key"}, Bytes{"value"}, headers);
  send(std::nullopt, Bytes{""}, no_headers());
  send(Bytes{""}, std::nullopt, no_headers());
  flush(*writer);

  const Seen seen = read(topic, Isolation::read_committed);
  ASSERT_EQ(seen.records.size(), 3U);
  EXPECT_EQ(seen.records[0].key(), Bytes{"key"});
  EXPECT_EQ(seen.records[0].value(), Bytes{"value"});
  EXPECT_EQ(seen.records[0].headers(), headers);
  EXPECT_EQ(seen.records[1].key(), std::nullopt);
  EXPECT_EQ(seen.records[1].value(), Bytes{""});
  EXPECT_TRUE(seen.records[1].headers().empty());
  EXPECT_EQ(seen.records[2].key(), Bytes{""});
  EXPECT_EQ(seen.records[2].value(), std::nullopt);
  for (const auto& fetched : seen.records) {
    EXPECT_EQ(fetched.timestamp(), Timestamp{std::int64_t{1'234'567'890'123}});
  }
}

TEST_F(WritingContract, WithoutATimestampTheTimeOfSendingIsTaken) {
  const std::string topic = make_topic();
  const auto writer = producer();
  const Timestamp before = system_clock().wall();

  send(*writer, writer->topic(topic, false), {"a"});

  const Seen seen = read(topic, Isolation::read_committed);
  ASSERT_EQ(seen.records.size(), 1U);
  EXPECT_GE(seen.records[0].timestamp(), before);
  EXPECT_LE(seen.records[0].timestamp(), system_clock().wall());
}

TEST_F(WritingContract, TheKeyChoosesThePartitionAsInJava) {
  constexpr std::int32_t partitions = 6;
  const nlohmann::json golden = read_golden("murmur2.json");
  const std::string topic = make_topic(partitions);
  const auto writer = producer();
  const TopicHandle handle = writer->topic(topic, true);
  for (const auto& vector : golden["vectors"]) {
    const ByteBuffer key = from_hex(vector["key"].get<std::string>());

    ASSERT_TRUE(writer
                    ->send({.topic = handle,
                            .partition = {},
                            .key = key,
                            .value = Bytes{"v"},
                            .timestamp = {}})
                    .ok());
    flush(*writer);

    const kafka::Deliveries deliveries = writer->take_deliveries();
    ASSERT_EQ(deliveries.acked.size(), 1U);
    EXPECT_EQ(deliveries.acked[0].partition.value(),
              vector["partition_for"]["6"].get<std::int32_t>())
        << "key " << vector["key"];
  }
}

TEST_F(WritingContract, RecordsOfAPartitionStayInOrder) {
  constexpr int count = 2'000;
  const std::string topic = make_topic();
  const auto writer = producer();
  const TopicHandle handle = writer->topic(topic, false);
  for (int i = 0; i < count; ++i) {
    ASSERT_TRUE(insist([&] { return writer->send(record(handle, std::to_string(i))); }).ok());
  }
  flush(*writer);

  const std::vector<std::string> values = read(topic, Isolation::read_committed).values();

  ASSERT_EQ(values.size(), std::size_t{count});
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(values[static_cast<std::size_t>(i)], std::to_string(i));
  }
}

TEST_F(WritingContract, AcksNameTheHighestOffsetOfTrackedTopicsOnly) {
  const std::string tracked = make_topic(1, {}, "tracked");
  const std::string other = make_topic(1, {}, "other");
  const auto writer = producer();
  const TopicHandle first = writer->topic(tracked, true);
  const TopicHandle second = writer->topic(other, false);

  send(*writer, first, {"a", "b", "c"});
  send(*writer, second, {"d"});

  kafka::Deliveries deliveries = writer->take_deliveries();
  ASSERT_EQ(deliveries.acked.size(), 1U);
  EXPECT_EQ(deliveries.acked[0].topic, first);
  EXPECT_EQ(deliveries.acked[0].offset, Offset{2});
  EXPECT_TRUE(deliveries.failed.empty());
  EXPECT_TRUE(writer->take_deliveries().acked.empty());
}

TEST_F(WritingContract, HandlesCountUpInTheOrderOfRegistration) {
  const std::string topic = make_topic(3);
  const auto writer = producer();

  EXPECT_EQ(writer->topic(topic, false), TopicHandle{0});
  EXPECT_EQ(writer->topic(unique("missing"), false), TopicHandle{1});
  EXPECT_EQ(writer->topic(topic, false), TopicHandle{0});

  Result<std::int32_t> count{Status{}};
  EXPECT_TRUE(eventually(patience, [&] {
    count = writer->partitions(TopicHandle{0}, call_timeout);
    return count.ok();
  }));
  EXPECT_EQ(*count, 3);
  Result<std::int32_t> missing{Status{}};
  EXPECT_TRUE(eventually(patience, [&] {
    missing = writer->partitions(TopicHandle{1}, call_timeout);
    return !missing.ok() && missing.error().code() == ErrorCode::unknown_topic;
  })) << missing.error().message();
}

TEST_F(WritingContract, ARecordThatIsTooLargeComesBackWithItsBytes) {
  const std::string topic = make_topic(1, {{"max.message.bytes", "1000"}});
  const auto writer = producer();
  const TopicHandle handle = writer->topic(topic, false);
  const std::string large(5'000, 'x');
  ASSERT_TRUE(writer->send(record(handle, large)).ok());
  flush(*writer);

  const kafka::Deliveries deliveries = writer->take_deliveries();

  ASSERT_EQ(deliveries.failed.size(), 1U);
  EXPECT_EQ(deliveries.failed[0].status.code(), ErrorCode::message_too_large);
  EXPECT_EQ(deliveries.failed[0].topic, topic);
  EXPECT_EQ(deliveries.failed[0].key->bytes(), Bytes{"k"});
  EXPECT_EQ(deliveries.failed[0].value->bytes(), Bytes{large});
}

TEST_F(WritingContract, ACompactedTopicKeepsTheLastCommittedRecordOfEachKey) {
  const std::string topic = make_topic(1, {{"cleanup.policy", "compact"},
                                           {"segment.ms", "200"},
                                           {"min.cleanable.dirty.ratio", "0.01"},
                                           {"delete.retention.ms", "100"}});
  const auto writer = transactional(unique("writer"));
  const TopicHandle handle = writer->topic(topic, false);
  const auto put = [&](const std::string& key, std::optional<Bytes> value) {
    EXPECT_TRUE(writer
                    ->send({.topic = handle,
                            .partition = PartitionId{0},
                            .key = Bytes{key},
                            .value = value,
                            .timestamp = {}})
                    .ok());
  };
  ASSERT_TRUE(writer->begin_transaction().ok());
  put("a", Bytes{"1"});
  put("b", Bytes{"1"});
  put("a", Bytes{"2"});
  put("b", std::nullopt);
  flush(*writer);
  ASSERT_TRUE(commit(*writer).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  put("a", Bytes{"aborted"});
  flush(*writer);
  ASSERT_TRUE(abort(*writer).ok());

  // The newest segment is never cleaned: records that follow make new ones.
  int filler = 0;
  std::vector<std::string> kept;
  const auto clean = [&] {
    ASSERT_TRUE(writer->begin_transaction().ok());
    put("filler", Bytes{std::to_string(filler++)});
    flush(*writer);
    ASSERT_TRUE(commit(*writer).ok());
    world_->clean(topic);
    kept.clear();
    for (const auto& fetched : read(topic, Isolation::read_uncommitted).records) {
      if (fetched.key() == Bytes{"filler"}) continue;
      kept.push_back(std::string{fetched.key()->text()} + "=" +
                     (fetched.value() ? std::string{fetched.value()->text()} : "null") + "@" +
                     std::to_string(fetched.offset().value()));
    }
  };
  EXPECT_TRUE(eventually(patience, [&] {
    clean();
    return kept == std::vector<std::string>{"a=2@2"};
  })) << ::testing::PrintToString(kept);
}

}  // namespace

}  // namespace moldau
