#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <mutex>
#include <random>
#include <set>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::StartsWith;

using Counts = std::map<std::string, std::int64_t>;

class WordCount : public EmbeddedApplication {
 protected:
  WordCount() {
    broker_.create_topic("lines", 3);
    broker_.create_topic("word-counts", 3);
  }

  void write(const std::string& line) {
    broker_.produce<std::string, std::string>("lines", std::nullopt, line);
    std::string word;
    for (const char c : line + ' ') {
      if (c != ' ') {
        word += c;
      } else if (!word.empty()) {
        ++expected_[std::exchange(word, {})];
      }
    }
  }
  void write_lines(int count) {
    for (int i = 0; i < count; ++i) {
      write("w" + std::to_string(i % 7) + " w" + std::to_string(i % 11) + " all");
    }
  }
  [[nodiscard]] bool counted() {
    return eventually(patience, [&] { return latest<std::int64_t>("word-counts") == expected_; });
  }
  // Every count of a word is one more than the count before it.
  void expect_no_gaps() const {
    Counts last;
    for (const auto& record : broker_.read<std::string, std::int64_t>("word-counts")) {
      EXPECT_EQ(*record.value, ++last[*record.key]) << *record.key;
    }
  }

  Counts expected_;
};

TEST_P(WordCount, CountsEveryWordOfEveryLine) {
  write_lines(200);

  const auto streams = start(word_count());

  EXPECT_TRUE(counted());
  expect_no_gaps();
  EXPECT_TRUE(streams->close(patience));
  EXPECT_EQ(streams->state(), StreamsState::not_running);
  // Nothing but the advice not to keep state below the temporary folder, where tests have theirs.
  EXPECT_THAT(logger_->text(), StartsWith("state.dir is "));
  EXPECT_EQ(std::ranges::count(logger_->text(), '\n'), 1);
}

TEST_P(WordCount, GoesOnWhereItsPredecessorStopped) {
  write_lines(100);
  start(word_count())->close();
  write_lines(100);
  start(word_count())->close();
  write_lines(100);

  const auto streams = start(word_count());

  EXPECT_TRUE(counted());
  expect_no_gaps();
}

TEST_P(WordCount, RestoresItsStoresFromTheChangelogOnAnEmptyDisk) {
  write_lines(100);
  {
    const auto first = start(word_count());
    ASSERT_TRUE(counted());
  }
  std::filesystem::remove_all(folder_.path() / "state");
  write_lines(50);

  const auto streams = start(word_count());

  EXPECT_TRUE(counted());
  expect_no_gaps();
}

TEST_P(WordCount, RebuildsAStoreInMemoryAtEachStart) {
  write_lines(60);
  {
    const auto first = start(word_count(StoreType::in_memory));
    ASSERT_TRUE(counted());
  }
  write_lines(60);

  const auto streams = start(word_count(StoreType::in_memory));

  EXPECT_TRUE(counted());
  expect_no_gaps();
}

TEST_P(WordCount, SharesItsTasksAmongThreads) {
  Config config = this->config();
  config.num_stream_threads = 3;
  write_lines(200);

  const auto streams = start(word_count(), config);

  EXPECT_TRUE(counted());
  expect_no_gaps();
}

TEST_P(WordCount, HandsItsTasksToAnInstanceThatJoinsAndBackWhenItLeaves) {
  const auto first = start(word_count());
  write_lines(100);
  ASSERT_TRUE(counted());
  Config config = this->config();
  config.state_dir = folder_.path() / "second";
  {
    const auto second = start(word_count(), config);
    ASSERT_TRUE(reaches(*second, StreamsState::running));
    write_lines(100);
    EXPECT_TRUE(counted());
  }
  write_lines(100);

  EXPECT_TRUE(counted());
  expect_no_gaps();
}

TEST_P(WordCount, CollapsesUpdatesInItsCache) {
  Config config = this->config();
  config.statestore_cache_max_bytes = 1U << 20;
  config.commit_interval = 300ms;
  write_lines(300);

  const auto streams = start(word_count(), config);

  EXPECT_TRUE(counted());
  EXPECT_LT(broker_.read("word-counts").size(), 900U);
}

INSTANTIATE_TEST_SUITE_P(Guarantees, WordCount, both_guarantees(), name_of_guarantee);

class Application : public EmbeddedApplication {};

TEST_F(Application, TellsItsStateListenerEveryStepOfItsLife) {
  broker_.create_topic("lines", 1);
  broker_.create_topic("word-counts", 1);
  const auto streams = make(word_count(), config());
  std::mutex mutex;
  std::vector<StreamsState> seen;
  streams->set_state_listener([&](StreamsState now, StreamsState) {
    const std::lock_guard lock{mutex};
    seen.push_back(now);
  });

  streams->start();
  ASSERT_TRUE(reaches(*streams, StreamsState::running));
  streams->close();

  EXPECT_THAT(seen, ElementsAre(StreamsState::rebalancing, StreamsState::running,
                                StreamsState::pending_shutdown, StreamsState::not_running));
}

class NotingRestoreListener final : public StateRestoreListener {
 public:
  void on_restore_start(const TopicPartition& changelog, std::string_view store, Offset,
                        Offset) override {
    started = to_string(changelog) + " " + std::string{store};
  }
  void on_batch_restored(const TopicPartition&, std::string_view, Offset,
                         std::uint64_t records) override {
    in_batches += records;
  }
  void on_restore_end(const TopicPartition&, std::string_view, std::uint64_t records) override {
    total = records;
  }
  void on_restore_suspended(const TopicPartition&, std::string_view, std::uint64_t) override {}

  std::string started;
  std::uint64_t in_batches = 0;
  std::uint64_t total = 0;
};

TEST_F(Application, TellsItsRestoreListenerHowFarItIs) {
  broker_.create_topic("lines", 1);
  broker_.create_topic("word-counts", 1);
  for (int i = 0; i < 40; ++i) {
    broker_.produce<std::string, std::string>("lines", std::nullopt, "w" + std::to_string(i));
  }
  {
    const auto first = start(word_count());
    ASSERT_TRUE(
        eventually(patience, [&] { return latest<std::int64_t>("word-counts").size() == 40; }));
  }
  std::filesystem::remove_all(folder_.path() / "state");
  const auto streams = make(word_count(), config());
  NotingRestoreListener listener;
  streams->set_restore_listener(&listener);

  streams->start();
  ASSERT_TRUE(reaches(*streams, StreamsState::running));
  streams->close();

  EXPECT_EQ(listener.started, "app-counts-changelog-0 counts");
  EXPECT_EQ(listener.in_batches, 40U);
  EXPECT_EQ(listener.total, 40U);
}

TEST_F(Application, StartsOnlyOnce) {
  broker_.create_topic("lines", 1);
  broker_.create_topic("word-counts", 1);
  const auto streams = start(word_count());

  EXPECT_THROW(streams->start(), StreamsError);
}

TEST_F(Application, MayBeClosedBeforeItStarts) {
  const auto streams = make(word_count(), config());

  EXPECT_TRUE(streams->close());

  EXPECT_EQ(streams->state(), StreamsState::not_running);
}

TEST_F(Application, ReadsCommittedRecordsOnlyUnderExactlyOnce) {
  broker_.create_topic("in", 1);
  broker_.create_topic("out", 1);
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("out");
  auto environment = broker_.environment();
  auto producer = environment.clients.make_producer(
      {.client_id = "test", .transactional_id = "other", .settings = {}});
  ASSERT_TRUE(producer);
  ASSERT_TRUE((*producer)->init_transactions(1s));
  ASSERT_TRUE((*producer)->begin_transaction());
  const TopicHandle in = (*producer)->topic("in", false);
  ASSERT_TRUE((*producer)->send({.topic = in,
                                 .partition = PartitionId{0},
                                 .key = {},
                                 .value = Bytes{std::string_view{"aborted"}},
                                 .timestamp = Timestamp{1}}));
  ASSERT_TRUE((*producer)->flush(1s));
  ASSERT_TRUE((*producer)->abort_transaction(1s));
  broker_.produce<std::string, std::string>("in", "k", "kept");

  const auto streams = start(builder.build());

  EXPECT_TRUE(eventually(patience, [&] { return !values<std::string>("out").empty(); }));
  EXPECT_THAT(values<std::string>("out"), ElementsAre("kept"));
}

}  // namespace
}  // namespace moldau
