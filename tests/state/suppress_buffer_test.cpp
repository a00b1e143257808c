#include "state/suppress_buffer.h"

#include "moldau/base/clock.h"

#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

// A changelog record, which has no time, and a copy that can be read back.
class ChangelogNotes final : public RecordSink {
 public:
  TopicHandle topic(std::string_view) override { return TopicHandle{7}; }
  std::int32_t partitions(TopicHandle) override { return 1; }
  void send(const OutgoingRecord& record) override {
    EXPECT_EQ(record.timestamp, std::nullopt);
    EXPECT_EQ(record.partition, PartitionId{3});
    notes_.push_back(std::make_unique<Note>(Note{
        ByteBuffer{*record.key},
        record.value ? std::optional<ByteBuffer>{*record.value} : std::nullopt, *record.headers}));
  }

  // Of all records since the last call: key, and "-" if it is a deletion.
  std::vector<std::string> take_keys() {
    std::vector<std::string> keys;
    for (; seen_ < notes_.size(); ++seen_) {
      const Note& note = *notes_[seen_];
      keys.push_back(std::string{note.key.bytes().text()} + (note.value ? "" : "-"));
      EXPECT_EQ(note.headers.empty(), !note.value);
    }
    return keys;
  }

  [[nodiscard]] std::vector<RawRecord> all() const {
    std::vector<RawRecord> records;
    for (const auto& note : notes_) {
      records.push_back({.key = note->key,
                         .value = note->value ? std::optional<Bytes>{*note->value} : std::nullopt,
                         .timestamp = Timestamp{1},
                         .offset = Offset{static_cast<std::int64_t>(records.size())},
                         .headers = &note->headers});
    }
    return records;
  }

 private:
  struct Note {
    ByteBuffer key;
    std::optional<ByteBuffer> value;
    Headers headers;
  };
  std::vector<std::unique_ptr<Note>> notes_;
  std::size_t seen_ = 0;
};

class SuppressBufferTest : public ::testing::Test {
 protected:
  std::unique_ptr<SuppressBuffer> open(bool logging = true) {
    std::optional<ChangelogTarget> target;
    if (logging) target.emplace(changelog_, TopicHandle{7}, PartitionId{3});
    return std::make_unique<SuppressBuffer>(
        "sup-store", target,
        std::make_unique<SuppressMetrics>(metrics_, system_clock(),
                                          std::map<std::string, std::string>{}, "sup-store"));
  }

  static void put(SuppressBuffer& buffer, std::int64_t time, std::string_view key,
                  std::optional<std::string_view> before, std::optional<std::string_view> now) {
    const auto view = [](std::optional<std::string_view> text) {
      return text ? std::optional{bytes(*text)} : std::nullopt;
    };
    buffer.put({.key = bytes(key),
                .time = Timestamp{time},
                .prior = view(before),
                .before = view(before),
                .now = view(now),
                .context = {.timestamp = Timestamp{time}, .metadata = {.topic = "t"}}});
  }

  static void commit(SuppressBuffer& buffer) {
    buffer.flush_cache();
    buffer.commit(std::nullopt);
  }

  // Key, time and value of those that wait, in the order of leaving. Empties the buffer.
  static std::vector<std::string> drain(SuppressBuffer& buffer) {
    std::vector<std::string> all;
    for (; !buffer.empty(); buffer.remove_first()) {
      const BufferedChange first = buffer.first();
      all.push_back(std::string{first.key.text()} + "@" +
                    std::to_string(first.time.milliseconds()) + "=" +
                    (first.now ? std::string{first.now->text()} : "-"));
    }
    return all;
  }

  ChangelogNotes changelog_;
  MetricRegistry metrics_;
};

TEST_F(SuppressBufferTest, ChangesLeaveByTimeThenByKey) {
  const auto buffer = open();

  put(*buffer, 20, "a", {}, "1");
  put(*buffer, 10, "c", {}, "2");
  put(*buffer, 10, "b", {}, "3");

  EXPECT_THAT(drain(*buffer), ElementsAre("b@10=3", "c@10=2", "a@20=1"));
}

TEST_F(SuppressBufferTest, ALaterChangeKeepsThePlaceAndThePriorValueOfTheFirst) {
  const auto buffer = open();

  put(*buffer, 10, "a", "0", "1");
  put(*buffer, 50, "a", "1", {});

  const BufferedChange first = buffer->first();
  EXPECT_EQ(buffer->records(), 1U);
  EXPECT_EQ(first.time, Timestamp{10});
  EXPECT_EQ(first.prior, bytes("0"));
  EXPECT_EQ(first.before, bytes("1"));
  EXPECT_EQ(first.now, std::nullopt);
  EXPECT_EQ(first.context.timestamp, Timestamp{50});
}

TEST_F(SuppressBufferTest, AKeyThatHasLeftComesInAnew) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  buffer->remove_first();

  put(*buffer, 30, "a", "1", "2");

  EXPECT_EQ(buffer->first().time, Timestamp{30});
  EXPECT_EQ(buffer->first().prior, bytes("1"));
}

TEST_F(SuppressBufferTest, OnlyChangesThatWaitAreFound) {
  const auto buffer = open();
  put(*buffer, 10, "a", "0", "1");
  put(*buffer, 20, "b", "5", "6");
  buffer->remove_first();

  EXPECT_EQ(buffer->find(bytes("a")), std::nullopt);
  EXPECT_EQ(buffer->find(bytes("b"))->prior, bytes("5"));
  EXPECT_EQ(buffer->find(bytes("c")), std::nullopt);
}

TEST_F(SuppressBufferTest, AFlushSendsEachChangedKeyOnce) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  put(*buffer, 20, "b", {}, "1");
  put(*buffer, 30, "a", "1", "2");

  commit(*buffer);
  EXPECT_THAT(changelog_.take_keys(), ElementsAre("a", "b"));

  buffer->remove_first();
  commit(*buffer);
  EXPECT_THAT(changelog_.take_keys(), ElementsAre("a-"));

  commit(*buffer);
  EXPECT_THAT(changelog_.take_keys(), IsEmpty());
}

TEST_F(SuppressBufferTest, AChangeThatCameAndLeftIsSentAsADeletion) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  buffer->remove_first();

  commit(*buffer);

  EXPECT_THAT(changelog_.take_keys(), ElementsAre("a-"));
}

TEST_F(SuppressBufferTest, AKeyThatLeftAndCameBackIsSentAsItIs) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  buffer->remove_first();
  put(*buffer, 20, "a", {}, "2");

  commit(*buffer);

  EXPECT_THAT(changelog_.take_keys(), ElementsAre("a"));
}

TEST_F(SuppressBufferTest, WithoutAChangelogNothingIsSent) {
  const auto buffer = open(/*logging=*/false);
  put(*buffer, 10, "a", {}, "1");
  put(*buffer, 20, "b", {}, "1");
  buffer->remove_first();

  commit(*buffer);

  EXPECT_THAT(changelog_.take_keys(), IsEmpty());
  EXPECT_THAT(drain(*buffer), ElementsAre("b@20=1"));
}

TEST_F(SuppressBufferTest, IsRestoredFromItsChangelog) {
  const auto before = open();
  put(*before, 10, "a", "x", "1");
  put(*before, 20, "b", {}, "2");
  put(*before, 30, "c", {}, "3");
  commit(*before);
  put(*before, 40, "c", "3", {});
  before->remove_first();
  commit(*before);
  const std::vector<RawRecord> records = changelog_.all();

  const auto after = open();
  after->restore(records, position(5));
  after->restore(records, position(5));  // twice does no harm

  EXPECT_EQ(after->records(), before->records());
  EXPECT_EQ(after->bytes(), before->bytes());
  EXPECT_EQ(after->committed_position(), position(5));
  EXPECT_EQ(after->uncommitted_bytes(), 0U);
  EXPECT_THAT(drain(*after), ElementsAre("b@20=2", "c@30=-"));
}

TEST_F(SuppressBufferTest, WhatIsRestoredIsNotSentAgain) {
  const auto before = open();
  put(*before, 10, "a", {}, "1");
  commit(*before);
  static_cast<void>(changelog_.take_keys());

  const auto after = open();
  after->restore(changelog_.all(), position(1));
  commit(*after);

  EXPECT_THAT(changelog_.take_keys(), IsEmpty());
}

TEST_F(SuppressBufferTest, AChangelogRecordThatIsNoneIsNamed) {
  const auto buffer = open();
  const std::vector<RawRecord> records = {
      {.key = bytes("k"), .value = bytes("?"), .timestamp = Timestamp{1}, .offset = Offset{42}}};

  EXPECT_THAT(
      [&] { buffer->restore(records, position(1)); },
      ThrowsMessage<StateStoreError>(AllOf(HasSubstr("\"sup-store\""), HasSubstr("offset 42"))));
}

TEST_F(SuppressBufferTest, ARollbackGoesBackToTheLastCommit) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  put(*buffer, 20, "b", {}, "2");
  commit(*buffer);
  const std::size_t committed_bytes = buffer->bytes();
  put(*buffer, 30, "b", "2", "22");  // changed
  buffer->remove_first();            // left
  put(*buffer, 40, "c", {}, "3");    // came
  put(*buffer, 50, "a", "1", "4");   // left and came back
  buffer->flush_cache();

  buffer->rollback();

  EXPECT_EQ(buffer->bytes(), committed_bytes);
  EXPECT_EQ(buffer->time(), Timestamp{20});
  EXPECT_EQ(buffer->uncommitted_bytes(), 0U);
  EXPECT_THAT(drain(*buffer), ElementsAre("a@10=1", "b@20=2"));
}

TEST_F(SuppressBufferTest, WhatIsWrittenDownStaysAndIsSentLater) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  buffer->write_down();
  EXPECT_EQ(buffer->uncommitted_bytes(), 0U);
  put(*buffer, 20, "b", {}, "2");

  buffer->rollback();
  commit(*buffer);

  EXPECT_THAT(changelog_.take_keys(), ElementsAre("a"));
  EXPECT_THAT(drain(*buffer), ElementsAre("a@10=1"));
}

TEST_F(SuppressBufferTest, UncommittedBytesGrowWithWhatChangedNotWithHowOften) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  const std::size_t once = buffer->uncommitted_bytes();
  for (int i = 0; i < 100; ++i) put(*buffer, 10, "a", "1", "2");
  const std::size_t often = buffer->uncommitted_bytes();
  commit(*buffer);

  EXPECT_GT(once, 0U);
  EXPECT_LT(often, 2 * once);
  EXPECT_EQ(buffer->uncommitted_bytes(), 0U);
}

TEST_F(SuppressBufferTest, BytesAreThoseOfTheReferencesEstimate) {
  const auto buffer = open();
  const Headers headers{{"h\xc3\xa9", ByteBuffer{bytes("123")}}, {"n", std::nullopt}};

  buffer->put(
      {.key = bytes("key"),
       .time = Timestamp{1},
       .prior = bytes("old"),
       .before = bytes("old"),
       .now = bytes("now!"),
       .context = {
           .timestamp = Timestamp{1}, .headers = &headers, .metadata = {.topic = "topic"}}});

  // Three times and a partition; key; the old value once; the new one; topic; headers, of whose
  // names characters count.
  EXPECT_EQ(buffer->bytes(), 8U + 8 + 8 + 4 + 3 + 3 + 4 + 5 + (2 + 3) + 1);
}

TEST_F(SuppressBufferTest, TellsHowFullItIs) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  put(*buffer, 20, "b", {}, "1");

  commit(*buffer);

  EXPECT_EQ(metrics_.sum("suppression-buffer-count-current"), 2);
  EXPECT_EQ(metrics_.sum("suppression-buffer-size-current"), static_cast<double>(buffer->bytes()));
}

TEST_F(SuppressBufferTest, TellsHowFullItWasAfterEachChange) {
  const auto buffer = open();
  put(*buffer, 10, "a", {}, "1");
  const std::size_t one = buffer->bytes();
  put(*buffer, 20, "b", {}, "1");
  buffer->remove_first();
  buffer->remove_first();

  commit(*buffer);

  // One, two, one, none.
  EXPECT_EQ(metrics_.sum("suppression-buffer-count-avg"), 1);
  EXPECT_EQ(metrics_.sum("suppression-buffer-count-max"), 2);
  EXPECT_EQ(metrics_.sum("suppression-buffer-size-avg"), static_cast<double>(one));
  EXPECT_EQ(metrics_.sum("suppression-buffer-size-max"), static_cast<double>(2 * one));
}

}  // namespace
}  // namespace moldau::state
