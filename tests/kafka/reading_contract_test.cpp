#include "kafka/contract.h"
#include "test_seed.h"

#include <thread>

// Positions, resets, pausing, waking.
namespace moldau {

namespace {

using kafka::Isolation;
using kafka::OffsetReset;
using kafka::PartitionEvent;
using kafka::PartitionPosition;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReadingContract : public KafkaContract {
 protected:
  void fill(const std::string& topic, int partitions, int records_each) {
    const auto writer = producer();
    const TopicHandle handle = writer->topic(topic, false);
    for (int i = 0; i < records_each; ++i) {
      for (int partition = 0; partition < partitions; ++partition) {
        ASSERT_TRUE(insist([&] {
                      return writer->send(
                          record(handle, std::to_string(i), PartitionId{partition}));
                    }).ok());
      }
    }
    flush(*writer);
  }
  void delete_before(const std::string& topic, Offset before) {
    const PartitionPosition position{.partition = {topic, PartitionId{0}}, .offset = before};
    const auto client = admin();
    const Status status = insist([&] { return client->delete_records({&position, 1}, patience); });
    ASSERT_TRUE(status.ok()) << status.message();
  }
  // Reads to the first end of the partition or to an event that says why not.
  static std::optional<PartitionEvent> read_from(kafka::Consumer& reader,
                                                 const PartitionPosition& position, Seen& seen) {
    EXPECT_TRUE(reader.assign({&position, 1}).ok());
    std::optional<PartitionEvent> trouble;
    kafka::Polled polled;
    EXPECT_TRUE(eventually(patience, [&] {
      EXPECT_TRUE(reader.poll(call_timeout, polled).ok());
      for (auto& batch : polled.batches) {
        std::move(batch.records.begin(), batch.records.end(), std::back_inserter(seen.records));
      }
      for (const PartitionEvent& event : polled.events) {
        if (event.kind == PartitionEvent::Kind::end_of_partition) {
          seen.end = event.position;
        } else if (event.kind == PartitionEvent::Kind::offset_out_of_range) {
          trouble = event;
        }
      }
      return seen.end || trouble;
    }));
    return trouble;
  }
};

TEST_F(ReadingContract, DeletedRecordsAreGoneAndTheStartMoves) {
  const std::string topic = make_topic();
  fill(topic, 1, 6);

  delete_before(topic, Offset{4});

  EXPECT_EQ(range(topic, Isolation::read_uncommitted).start, Offset{4});
  EXPECT_THAT(read(topic, Isolation::read_committed, Offset{4}).values(), ElementsAre("4", "5"));
}

TEST_F(ReadingContract, APositionOutsideTheLogIsReportedIfNoResetIsAllowed) {
  const std::string topic = make_topic();
  fill(topic, 1, 6);
  delete_before(topic, Offset{4});
  for (const Offset outside : {Offset{2}, Offset{100}}) {
    const auto reader = consumer();
    Seen seen;

    const auto trouble =
        read_from(*reader, {{topic, PartitionId{0}}, outside, OffsetReset::error}, seen);

    ASSERT_TRUE(trouble.has_value());
    EXPECT_EQ(trouble->partition, (TopicPartition{topic, PartitionId{0}}));
    EXPECT_THAT(seen.values(), IsEmpty());
  }
}

TEST_F(ReadingContract, APositionOutsideTheLogIsResetAsAsked) {
  const std::string topic = make_topic();
  fill(topic, 1, 6);
  delete_before(topic, Offset{4});
  const auto reader = consumer();
  Seen from_start;
  Seen from_end;

  read_from(*reader, {{topic, PartitionId{0}}, Offset{2}, OffsetReset::earliest}, from_start);
  read_from(*consumer(), {{topic, PartitionId{0}}, Offset{2}, OffsetReset::latest}, from_end);

  EXPECT_THAT(from_start.values(), ElementsAre("4", "5"));
  EXPECT_THAT(from_end.values(), IsEmpty());
  EXPECT_EQ(from_end.end, Offset{6});
}

TEST_F(ReadingContract, WithoutAnOffsetTheResetPolicyDecides) {
  const std::string topic = make_topic();
  fill(topic, 1, 2);
  Seen earliest;
  Seen latest;

  read_from(*consumer(), {{topic, PartitionId{0}}, {}, OffsetReset::earliest}, earliest);
  read_from(*consumer(), {{topic, PartitionId{0}}, {}, OffsetReset::latest}, latest);
  Seen none;
  const auto trouble =
      read_from(*consumer(), {{topic, PartitionId{0}}, {}, OffsetReset::error}, none);

  EXPECT_THAT(earliest.values(), ElementsAre("0", "1"));
  EXPECT_THAT(latest.values(), IsEmpty());
  EXPECT_TRUE(trouble.has_value());
}

TEST_F(ReadingContract, PausingLosesAndRepeatsNothing) {
  constexpr int each = 500;
  const std::string topic = make_topic(2);
  fill(topic, 2, each);
  const auto reader = consumer(Isolation::read_committed, {}, 7);
  const std::vector<TopicPartition> partitions{{topic, PartitionId{0}}, {topic, PartitionId{1}}};
  const std::vector<PartitionPosition> positions{{.partition = partitions[0], .offset = Offset{0}},
                                                 {.partition = partitions[1], .offset = Offset{0}}};
  ASSERT_TRUE(reader->assign(positions).ok());
  std::mt19937_64 random{test_seed()};
  std::map<PartitionId, std::int64_t> next;
  std::map<PartitionId, bool> paused;
  kafka::Polled polled;

  EXPECT_TRUE(eventually(patience, [&] {
    EXPECT_TRUE(reader->poll(50ms, polled).ok());
    for (const auto& batch : polled.batches) {
      const PartitionId id = batch.partition.partition;
      EXPECT_FALSE(paused[id]) << "a paused partition handed out records";
      for (const auto& fetched : batch.records) {
        EXPECT_EQ(fetched.offset().value(), next[id]++);
      }
    }
    for (const TopicPartition& partition : partitions) {
      const bool pause = random() % 3 == 0;
      if (pause == paused[partition.partition]) continue;
      paused[partition.partition] = pause;
      if (pause) reader->pause({&partition, 1});
      if (!pause) reader->resume({&partition, 1});
    }
    return next[PartitionId{0}] == each && next[PartitionId{1}] == each;
  }));
}

TEST_F(ReadingContract, AKeptPartitionGoesOnWhereItIs) {
  constexpr std::int64_t each = 50;
  const std::string topic = make_topic(2);
  fill(topic, 2, each);
  const auto reader = consumer(Isolation::read_committed, {}, 10);
  const TopicPartition kept{topic, PartitionId{0}};
  const TopicPartition added{topic, PartitionId{1}};
  std::vector<PartitionPosition> positions{{.partition = kept, .offset = Offset{0}}};
  ASSERT_TRUE(reader->assign(positions).ok());
  std::map<PartitionId, std::int64_t> next;
  kafka::Polled polled;
  const auto poll = [&] {
    EXPECT_TRUE(reader->poll(call_timeout, polled).ok());
    for (const auto& batch : polled.batches) {
      for (const auto& fetched : batch.records) {
        EXPECT_EQ(fetched.offset().value(), next[batch.partition.partition]++);
      }
    }
  };
  ASSERT_TRUE(eventually(patience, [&] {
    poll();
    return next[kept.partition] > 0;
  }));

  positions = {{.partition = kept, .offset = {}}, {.partition = added, .offset = Offset{0}}};
  ASSERT_TRUE(reader->assign(positions).ok());

  EXPECT_TRUE(eventually(patience, [&] {
    poll();
    return next[kept.partition] == each && next[added.partition] == each;
  }));
}

TEST_F(ReadingContract, AnOffsetMovesAPartitionThatIsAssignedAlready) {
  const std::string topic = make_topic();
  fill(topic, 1, 5);
  const auto reader = consumer();
  Seen first;
  Seen again;

  read_from(*reader, {{topic, PartitionId{0}}, Offset{0}, OffsetReset::earliest}, first);
  read_from(*reader, {{topic, PartitionId{0}}, Offset{3}, OffsetReset::earliest}, again);

  EXPECT_EQ(first.records.size(), 5U);
  EXPECT_THAT(again.values(), ElementsAre("3", "4"));
}

TEST_F(ReadingContract, WakeEndsAWaitingPollOrTheNextOne) {
  const std::string topic = make_topic();
  const auto reader = consumer();
  Seen seen;
  read_from(*reader, {{topic, PartitionId{0}}, Offset{0}, OffsetReset::earliest}, seen);
  const auto begun = std::chrono::steady_clock::now();

  std::thread waker{[&] { reader->wake(); }};
  take(*reader, seen, patience);
  waker.join();
  reader->wake();
  take(*reader, seen, patience);

  EXPECT_LT(std::chrono::steady_clock::now() - begun, patience / 2);
}

TEST_F(ReadingContract, KnownEndComesWithTheFirstAnswer) {
  const std::string topic = make_topic();
  fill(topic, 1, 5);
  const auto reader = consumer();
  const TopicPartition partition{topic, PartitionId{0}};

  EXPECT_EQ(reader->known_end(partition), std::nullopt);
  Seen seen;
  read_from(*reader, {partition, Offset{0}, OffsetReset::earliest}, seen);

  EXPECT_EQ(reader->known_end(partition), Offset{5});
}

}  // namespace

}  // namespace moldau
