// What becomes of an application when its topics, its disk or its own code let it down
// (docs/faults.md).

#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <span>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

class Faults : public EmbeddedApplication {
 protected:
  Faults() {
    broker_.create_topic("lines", 1);
    broker_.create_topic("word-counts", 1);
  }

  // Each adds one to the count of each word.
  void write(int lines) {
    for (int i = 0; i < lines; ++i) {
      broker_.produce<std::string, std::string>("lines", std::nullopt,
                                                "w" + std::to_string(i % words));
      ++expected_["w" + std::to_string(i % words)];
    }
  }
  [[nodiscard]] bool counted() const {
    return eventually(patience, [&] {
      return latest<std::int64_t>("word-counts") == expected_ && broker_.caught_up("app", "lines");
    });
  }
  void run_until_counted(StoreType store = StoreType::rocksdb) {
    const auto streams = start(word_count(store));
    ASSERT_TRUE(counted());
    ASSERT_TRUE(streams->close(patience));
  }

  [[nodiscard]] std::unique_ptr<kafka::Admin> admin() {
    return *broker_.environment().clients.make_admin({.client_id = "test", .settings = {}});
  }
  void delete_records_before(const std::string& topic, std::int64_t offset) {
    const std::vector<kafka::PartitionPosition> before{
        {{topic, PartitionId{0}}, Offset{offset}, kafka::OffsetReset::error}};
    ASSERT_TRUE(admin()->delete_records(before, 1s));
  }

  [[nodiscard]] fs::path store() const {
    return folder_.path() / "state" / "app" / "moldau" / "1_0" / "counts";
  }
  [[nodiscard]] std::vector<fs::path> tables() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(store())) {
      if (entry.path().extension() == ".sst") found.push_back(entry.path());
    }
    return found;
  }

  static constexpr int words = 7;
  std::map<std::string, std::int64_t> expected_;
};

TEST_F(Faults, AnInputOffsetThatIsGoneStopsTheApplicationIfNoResetIsAllowed) {
  write(5);
  run_until_counted();
  write(5);
  delete_records_before("lines", 8);
  Config config = this->config();
  config.auto_offset_reset = "none";

  const auto streams = start(word_count(), config);

  EXPECT_THAT(failure_of(*streams), AllOf(HasSubstr("lines-0"), HasSubstr("offset 5"),
                                          HasSubstr("[8, 10)"), HasSubstr("auto.offset.reset")));
}

TEST_F(Faults, AnInputOffsetThatIsGoneIsResetAsTheConfigurationSays) {
  write(5);
  run_until_counted();
  broker_.produce<std::string, std::string>("lines", std::nullopt, "deleted");
  delete_records_before("lines", 6);
  write(5);

  const auto streams = start(word_count());

  EXPECT_TRUE(counted());
}

// The changelog of a store that has followed it to offset 20 is made again, and is empty.
class ChangelogMadeAgain : public Faults {
 protected:
  void SetUp() override {
    write(20);
    run_until_counted();
    const std::vector<std::string> changelog{"app-counts-changelog"};
    ASSERT_TRUE(admin()->delete_topics(changelog, 1s));
    // The group may have made it already.
    if (!broker_.partitions(changelog.front())) {
      broker_.create_topic(changelog.front(), 1, {{"cleanup.policy", "compact"}});
    }
  }
};

TEST_F(ChangelogMadeAgain, StopsTheApplicationWithBothOffsets) {
  const auto streams = start(word_count());

  EXPECT_THAT(failure_of(*streams),
              AllOf(HasSubstr("app-counts-changelog-0"), HasSubstr("holds 0 to 0"),
                    HasSubstr("changelog.truncated=rebuild")));
}

TEST_F(ChangelogMadeAgain, IsGoneOnFromIfTheConfigurationSaysSo) {
  Config config = this->config();
  config.changelog_truncated = TruncatedChangelog::rebuild;
  const auto streams = start(word_count(), config);
  broker_.produce<std::string, std::string>("lines", std::nullopt, "w0");

  // Counted from nothing.
  EXPECT_TRUE(eventually(patience, [&] {
    const auto counts = values<std::int64_t>("word-counts");
    return counts.size() == 21 && counts.back() == 1;
  }));
  EXPECT_EQ(streams->metrics().sum("store-wipes-total"), 1);
  EXPECT_THAT(logger_->text(), HasSubstr("rebuilding from what is left"));
}

TEST_F(Faults, AStoreWithDamagedTablesIsRebuiltFromItsChangelog) {
  write(50);
  run_until_counted();
  // Opening a store writes what is in its log into tables.
  write(1);
  run_until_counted();
  ASSERT_FALSE(tables().empty());
  for (const fs::path& table : tables()) {
    std::fstream file{table, std::ios::binary | std::ios::in | std::ios::out};
    for (std::uintmax_t at = 0; at + 16 < fs::file_size(table); at += 32) {
      file.seekp(static_cast<std::streamoff>(at));
      file << std::string(16, '\x5a');
    }
  }
  write(50);

  const auto streams = start(word_count());

  EXPECT_TRUE(counted());
  EXPECT_EQ(streams->metrics().sum("store-wipes-total"), 1);
  EXPECT_THAT(logger_->text(), HasSubstr(store().string()));
}

// A disk that is full or not.
class LimitedStorage final : public state::Storage {
 public:
  explicit LimitedStorage(std::shared_ptr<state::Storage> below) : below_(std::move(below)) {}

  std::unique_ptr<state::StorageMap> open(const fs::path& path) override {
    return std::make_unique<Map>(below_->open(path), full_);
  }
  void destroy(const fs::path& path) override { below_->destroy(path); }

  void set_full(bool full) noexcept { full_ = full; }

 private:
  class Map final : public state::StorageMap {
   public:
    Map(std::unique_ptr<state::StorageMap> below, const std::atomic<bool>& full)
        : below_(std::move(below)), full_(full) {}

    bool get(Bytes key, ByteBuffer& value) const override { return below_->get(key, value); }
    std::unique_ptr<state::BytesIterator> range(const state::ByteRange& range,
                                                state::Direction direction) const override {
      return below_->range(range, direction);
    }
    void apply(std::span<const state::StorageWrite> writes,
               const std::optional<state::ChangelogPosition>& position) override {
      if (full_) throw StateStoreError("store: cannot commit: the disk is full");
      below_->apply(writes, position);
    }
    std::optional<state::ChangelogPosition> position() const override { return below_->position(); }
    std::uint64_t approximate_entries() const override { return below_->approximate_entries(); }
    Bytes mark() const override { return below_->mark(); }
    void set_mark(Bytes mark) override { below_->set_mark(mark); }

   private:
    const std::unique_ptr<state::StorageMap> below_;
    const std::atomic<bool>& full_;
  };

  const std::shared_ptr<state::Storage> below_;
  std::atomic<bool> full_{false};
};

TEST_F(Faults, AFullDiskStopsTheApplicationAndTheNextStartCatchesUp) {
  const Environment base = broker_.environment();
  const auto storage = std::make_shared<LimitedStorage>(base.storage);
  const Environment environment{base.clients, base.memberships, base.clock, base.random,
                                base.files,   base.workers,     storage};
  {
    Streams streams{word_count(), config(), environment};
    streams.start();
    write(10);
    ASSERT_TRUE(counted());
    storage->set_full(true);
    write(10);

    EXPECT_THAT(failure_of(streams), HasSubstr("the disk is full"));
  }
  // The transaction was committed before the store failed: nothing may be counted again.
  storage->set_full(false);
  write(10);
  Streams streams{word_count(), config(), environment};
  streams.start();

  EXPECT_TRUE(counted());
  EXPECT_EQ(streams.metrics().sum("store-wipes-total"), 0);
}

TEST_F(Faults, MuchUncommittedStateIsCommittedEarly) {
  Config config = this->config();
  config.processing_guarantee = ProcessingGuarantee::at_least_once;  // whose intervals may be long
  config.commit_interval = 1h;
  config.state_uncommitted_max_bytes = 1'000;
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("lines").to_table({.name = "latest"});
  const auto streams = start(builder.build(), config);

  for (int i = 0; i < 100; ++i) {
    broker_.produce<std::string, std::string>("lines", "k" + std::to_string(i),
                                              std::string(100, 'v'));
  }

  EXPECT_TRUE(eventually(patience, [&] { return !broker_.committed("app", "lines").empty(); }));
}

// Tells when a restoration has begun, and lets it go on.
class Gate final : public StateRestoreListener {
 public:
  void on_restore_start(const TopicPartition&, std::string_view, Offset, Offset) override {
    begun = true;
    static_cast<void>(eventually(patience, [this] { return open.load(); }));
  }
  void on_batch_restored(const TopicPartition&, std::string_view, Offset, std::uint64_t) override {}
  void on_restore_end(const TopicPartition&, std::string_view, std::uint64_t) override {}
  void on_restore_suspended(const TopicPartition&, std::string_view, std::uint64_t) override {}

  std::atomic<bool> begun{false};
  std::atomic<bool> open{false};
};

TEST_F(Faults, ClosingDuringARestorationReturnsAndTheNextStartGoesOn) {
  write(50);
  run_until_counted(StoreType::in_memory);
  {
    const auto streams = make(word_count(StoreType::in_memory), config());
    Gate gate;
    streams->set_restore_listener(&gate);
    streams->start();
    ASSERT_TRUE(eventually(patience, [&] { return gate.begun.load(); }));
    EXPECT_FALSE(streams->close(0ms));
    gate.open = true;

    EXPECT_TRUE(streams->close(patience));
    EXPECT_EQ(streams->state(), StreamsState::not_running);
  }
  write(50);
  const auto streams = start(word_count(StoreType::in_memory));

  EXPECT_TRUE(counted());
}

TEST_F(Faults, AMemberThatComesAndGoesStopsNobody) {
  const auto streams = start(word_count());
  Config elsewhere = config();
  elsewhere.state_dir = folder_.path() / "second";

  for (int round = 0; round < 5; ++round) {
    const auto restless = start(word_count(), elsewhere);
    write(20);
    ASSERT_TRUE(counted()) << "round " << round;
    ASSERT_TRUE(reaches(*restless, StreamsState::running));
  }

  EXPECT_TRUE(reaches(*streams, StreamsState::running));
  // No count was said twice.
  EXPECT_EQ(broker_.read("word-counts").size(), 100U);
}

}  // namespace
}  // namespace moldau
