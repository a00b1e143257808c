#include "moldau/state/join_buffer.h"

#include "moldau/base/clock.h"

#include "golden/hex.h"
#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

// What a buffer sends to its changelog, in hexadecimal digits; a record with a time says so.
class Changelog final : public RecordSink {
 public:
  TopicHandle topic(std::string_view) override { return TopicHandle{7}; }
  std::int32_t partitions(TopicHandle) override { return 1; }
  void send(const OutgoingRecord& record) override {
    std::string text = to_hex(*record.key) + "=" + (record.value ? to_hex(*record.value) : "null");
    if (record.timestamp) text += " timed";
    if (!record.headers->empty()) text += " headers";
    sent.push_back(std::move(text));
    keys.emplace_back(*record.key);
    values.push_back(record.value ? std::optional{ByteBuffer{*record.value}} : std::nullopt);
  }

  std::vector<std::string> sent;
  std::vector<ByteBuffer> keys;
  std::vector<std::optional<ByteBuffer>> values;
};

class Released final : public JoinBuffer::Receiver {
 public:
  void released(Bytes key, Bytes value, const RecordContext& cause) override {
    std::string text = std::string{key.text()} + "=" + std::string{value.text()} + "@" +
                       std::to_string(cause.timestamp.milliseconds()) + " from " +
                       std::string{cause.metadata.topic} + "-" +
                       std::to_string(cause.metadata.partition.value()) + " at " +
                       std::to_string(cause.metadata.offset.value());
    for (const Header& header : *cause.headers) text += " " + header.key;
    records.push_back(std::move(text));
  }

  std::vector<std::string> records;
};

class JoinBuffers : public ::testing::TestWithParam<StoreType> {
 protected:
  JoinBuffers() : store_(open()) { buffer_.open(*store_, 10ms); }

  std::unique_ptr<StateStore> open() {
    const StoreSpec spec{.name = "j-Buffer",
                         .type = GetParam(),
                         .layout = ValueLayout::plain,
                         .caching = false,
                         .kind = StoreKind::buffer,
                         .join_buffer = true};
    return open_state_store(
        spec, {.storage = *bench_.storage,
               .folder = bench_.folder.path() / spec.name,
               .changelog = ChangelogTarget{changelog_, TopicHandle{7}, PartitionId{0}},
               .logger = *bench_.logger,
               .clock = system_clock(),
               .metrics = bench_.metrics});
  }

  bool put(std::string_view key, std::string_view value, std::int64_t time,
           const Headers& headers = no_headers()) {
    return buffer_.put(bytes(key), bytes(value),
                       {Timestamp{time},
                        &headers,
                        {.topic = "in", .partition = PartitionId{2}, .offset = Offset{offset_++}}});
  }
  std::vector<std::string> release() {
    Released released;
    buffer_.release(released);
    return released.records;
  }

  StoreBench bench_;
  Changelog changelog_;
  std::unique_ptr<StateStore> store_;
  JoinBuffer buffer_;
  std::int64_t offset_ = 5;
};

TEST_P(JoinBuffers, HandOverRecordsByTimeOnceTheHighestTimeIsAGracePeriodPastTheirs) {
  put("b", "1", 20);
  put("a", "2", 15);
  EXPECT_THAT(release(), IsEmpty());

  put("z", "3", 29);
  EXPECT_THAT(release(), ElementsAre("a=2@15 from in-2 at 6"));
  put("z", "4", 30);
  EXPECT_THAT(release(), ElementsAre("b=1@20 from in-2 at 5"));
  EXPECT_THAT(release(), IsEmpty());
}

TEST_P(JoinBuffers, HandOverRecordsOfOneTimeByKeyThenAsTheyCame) {
  put("b", "1", 20);
  put("a", "2", 20);
  put("a", "3", 20);
  put("z", "4", 40);

  EXPECT_THAT(release(), ElementsAre("a=2@20 from in-2 at 6", "a=3@20 from in-2 at 7",
                                     "b=1@20 from in-2 at 5"));
}

TEST_P(JoinBuffers, TakeNoRecordThatIsAGracePeriodLate) {
  EXPECT_TRUE(put("a", "1", 20));

  EXPECT_TRUE(put("a", "2", 10));
  EXPECT_FALSE(put("a", "3", 9));
}

TEST_P(JoinBuffers, KeepTheHeadersOfTheirRecords) {
  const Headers headers{{"h", ByteBuffer{bytes("x")}}, {"null", std::nullopt}};

  put("a", "1", 20, headers);
  put("z", "2", 30);

  EXPECT_THAT(release(), ElementsAre("a=1@20 from in-2 at 5 h null"));
}

TEST_P(JoinBuffers, WriteTheReferencesBytesWithoutATimeToTheirChangelog) {
  const Headers headers{{"h", ByteBuffer{bytes("x")}}};
  buffer_.put(bytes("k"), bytes("S1"),
              {Timestamp{1500},
               &headers,
               {.topic = "s", .partition = PartitionId{0}, .offset = Offset{0}}});
  buffer_.put(bytes("k"), bytes("S2"),
              {Timestamp{30000},
               &no_headers(),
               {.topic = "s", .partition = PartitionId{0}, .offset = Offset{1}}});
  release();

  EXPECT_THAT(changelog_.sent,
              ElementsAre("0000000000000005dc6b00000001="
                          "00000000000005dc00000000000000000000000173000000000000000100000001680000"
                          "000178ffffffffffffffff0000000253310000000000000000",
                          "0000000000000075306b00000002="
                          "00000000000075300000000000000001000000017300000000"
                          "00000000ffffffffffffffff0000000253320000000000000000",
                          "0000000000000005dc6b00000001=null"));
}

TEST_P(JoinBuffers, GoBackToTheLastCommit) {
  put("a", "1", 20);
  store_->commit(std::nullopt);
  put("b", "2", 25);
  put("z", "3", 100);
  release();

  store_->rollback();
  buffer_.reload();

  EXPECT_TRUE(put("c", "4", 12));
  put("z", "5", 30);
  EXPECT_THAT(release(), ElementsAre("c=4@12 from in-2 at 8", "a=1@20 from in-2 at 5"));
}

TEST_P(JoinBuffers, AreRestoredFromTheirChangelogAndGoOnWithoutOverwritingWhatWaits) {
  put("a", "1", 20);
  put("b", "2", 8);
  put("z", "3", 21);
  release();
  // Nothing was committed, so the new one is empty.
  store_.reset();
  store_ = open();
  std::vector<RawRecord> records;
  for (std::size_t i = 0; i < changelog_.keys.size(); ++i) {
    records.push_back(
        {.key = changelog_.keys[i],
         .value = changelog_.values[i] ? std::optional<Bytes>{*changelog_.values[i]} : std::nullopt,
         .timestamp = Timestamp{0},
         .offset = Offset{static_cast<std::int64_t>(i)}});
  }

  store_->restore(records, position(4));
  buffer_.open(*store_, 10ms);
  put("a", "4", 20);
  put("z", "5", 31);

  EXPECT_THAT(release(), ElementsAre("a=1@20 from in-2 at 5", "a=4@20 from in-2 at 8",
                                     "z=3@21 from in-2 at 7"));
}

INSTANTIATE_TEST_SUITE_P(OfBothTypes, JoinBuffers,
                         ::testing::Values(StoreType::rocksdb, StoreType::in_memory));

}  // namespace
}  // namespace moldau::state
