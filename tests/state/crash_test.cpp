#include "moldau/base/clock.h"

#include "base/child_process.h"
#include "store_fixture.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace moldau::state {
namespace {

constexpr int keys_of_a_commit = 200;

// RocksDB is touched by children only: a process that has its threads must not fork.
StoreSpec spec() {
  return {.name = "s", .layout = ValueLayout::plain, .caching = false, .logging = false};
}

std::unique_ptr<KeyValueBytesStore> open(const std::filesystem::path& folder, Storage& storage,
                                         MetricRegistry& metrics) {
  return open_store(spec(), {.storage = storage,
                             .folder = folder,
                             .changelog = std::nullopt,
                             .logger = *make_silent_logger(),
                             .clock = system_clock(),
                             .metrics = metrics});
}

// Each commit gives all keys the number that is its position.
int commit_for_ever(const std::filesystem::path& folder, const std::function<void()>& report) {
  const auto storage = make_rocksdb_storage();
  MetricRegistry metrics;
  const auto store = open(folder, *storage, metrics);
  const auto reached = store->committed_position();
  for (std::int64_t number = reached ? reached->next.value() + 1 : 1;; ++number) {
    const std::string value = std::to_string(number) + std::string(100, 'x');
    for (int i = 0; i < keys_of_a_commit; ++i) put(*store, "key-" + std::to_string(i), value);
    store->commit(position(number));
    report();
    // Uncommitted at whatever moment the end comes.
    for (int i = 0; i < keys_of_a_commit; ++i) put(*store, "key-" + std::to_string(i), "lost");
    if (number % 3 == 0) store->rollback();
  }
}

enum Verdict : int { agree = 0, no_position = 1, went_back = 2, differ = 3, failed = 4 };

int verify(const std::filesystem::path& folder, std::int64_t reported) {
  try {
    const auto storage = make_rocksdb_storage();
    MetricRegistry metrics;
    const auto store = open(folder, *storage, metrics);
    const auto reached = store->committed_position();
    if (!reached) return no_position;
    if (reached->next.value() < reported) return went_back;
    const std::string expected = std::to_string(reached->next.value()) + std::string(100, 'x');
    const Entries entries = read_all(store->range(ByteRange::all(), Direction::forward));
    if (entries.size() != keys_of_a_commit) return differ;
    for (const auto& [key, value] : entries) {
      if (value != expected) return differ;
    }
    return agree;
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return failed;
  }
}

TEST(Crash, LeavesDataAndPositionOfTheSameCommitAndNoneThatWasReportedIsLost) {
  std::mt19937_64 random{test_seed()};
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "store";
  std::int64_t reported = 0;
  for (int round = 0; round < 20; ++round) {
    ChildProcess writer{[&](const auto& report) { return commit_for_ever(path, report); }};
    for (int left = std::uniform_int_distribution{1, 60}(random); left > 0; --left) {
      ASSERT_TRUE(writer.wait_for_report()) << "the writer gave up in round " << round;
      ++reported;
    }
    writer.kill();  // in the middle of whatever it does by now

    ChildProcess reader{[&](const auto&) { return verify(path, reported); }};
    ASSERT_EQ(reader.exit_status(), agree) << "round " << round;
  }
}

}  // namespace
}  // namespace moldau::state
