// What a look at one key costs does not depend on how many other keys there are: the rows that the
// storage comes to are counted.

#include "moldau/base/clock.h"
#include "moldau/processor/subscription_rows.h"
#include "moldau/state/session_rows.h"
#include "moldau/state/window_rows.h"

#include "counting_storage.h"
#include "store_fixture.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>

namespace moldau::state {
namespace {

using namespace std::chrono_literals;

constexpr int few_others = 100;
constexpr int many_others = 10'000;
// Rows of one segment are too old to show, but for the last of them.
constexpr Timestamp last_time{179'000};
constexpr Timestamp hidden_time{31'000};
constexpr Timestamp shown_time{100'000};

StoreSpec segmented_spec(StoreKind kind) {
  return {.name = "s",
          .layout = ValueLayout::plain,
          .kind = kind,
          .retention = 120s,
          .segment_interval = 30s,
          .window_size = 1s};
}

class CountedStore {
 public:
  CountedStore(StoreSpec spec, bool cached) {
    spec.caching = cached;
    spec.logging = false;
    store_ = open_store(spec, {.storage = storage_,
                               .folder = "s",
                               .changelog = {},
                               .cache = &bench_.cache,
                               .logger = *bench_.logger,
                               .clock = system_clock(),
                               .metrics = bench_.metrics});
  }

  KeyValueBytesStore& store() { return *store_; }
  void commit() {
    store_->flush_cache();
    store_->commit(std::nullopt);
  }
  // What `action` asks of the storage.
  StorageWork work_of(const std::function<void()>& action) {
    storage_.work = {};
    action();
    return storage_.work;
  }

 private:
  StoreBench bench_;
  CountingStorage storage_;
  std::unique_ptr<KeyValueBytesStore> store_;
};

std::string other_key(int number) {
  char key[16];
  std::snprintf(key, sizeof key, "%c-%06d", number % 2 == 0 ? 'a' : 'z', number);
  return key;
}

// Calls `put` for a row of each of the others, in segments that are kept and in the one that hides
// rows, and for a row of "key" in between.
void fill_beside(int others, const std::function<void(Bytes, Timestamp)>& put) {
  for (int i = 0; i < others; ++i) {
    put(bytes(other_key(i)), hidden_time + std::chrono::milliseconds{i % 20'000});
    put(bytes(other_key(i)), shown_time + std::chrono::milliseconds{i % 50'000});
  }
  put(bytes("key"), shown_time);
  put(bytes("time goes on"), last_time);
}

class OtherKeys : public ::testing::TestWithParam<bool> {
 protected:
  static StorageWork of_windows(int others, Direction direction) {
    CountedStore counted{segmented_spec(StoreKind::window), GetParam()};
    WindowRows rows;
    rows.open(counted.store());
    fill_beside(others, [&](Bytes key, Timestamp at) { rows.put(key, at, bytes("value"), {}); });
    counted.commit();
    return counted.work_of([&] {
      int found = 0;
      for (auto row = rows.fetch(bytes("key"), {}, direction); row->valid(); row->next()) ++found;
      EXPECT_EQ(found, 1);
    });
  }

  static StorageWork of_sessions(int others, Direction direction) {
    CountedStore counted{segmented_spec(StoreKind::session), GetParam()};
    SessionRows rows;
    rows.open(counted.store());
    fill_beside(others, [&](Bytes key, Timestamp at) {
      rows.put(key, {at, at}, bytes("value"), {});
    });
    counted.commit();
    return counted.work_of([&] {
      int found = 0;
      for (auto row = rows.find(bytes("key"), Timestamp{0}, last_time, direction); row->valid();
           row->next()) {
        ++found;
      }
      EXPECT_EQ(found, 1);
    });
  }
};

// That the rows lie in. In each a look comes to a row of another key, and the layers that merge
// rows read one ahead.
constexpr std::size_t filled_segments = 6;

TEST_P(OtherKeys, AreNotGoneOverByALookAtTheWindowsOfOne) {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const StorageWork work = of_windows(many_others, direction);

    EXPECT_EQ(work, of_windows(few_others, direction));
    EXPECT_LE(work.rows, 3 * filled_segments);
    EXPECT_LE(work.ranges, filled_segments);
  }
}

TEST_P(OtherKeys, AreNotGoneOverByALookAtTheSessionsOfOne) {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const StorageWork work = of_sessions(many_others, direction);

    EXPECT_EQ(work, of_sessions(few_others, direction));
    EXPECT_LE(work.rows, 3 * filled_segments);
    EXPECT_LE(work.ranges, filled_segments);
  }
}

INSTANTIATE_TEST_SUITE_P(With, OtherKeys, ::testing::Bool(),
                         [](const auto& cached) { return cached.param ? "ACache" : "NoCache"; });

TEST(OtherKeysThatLeave, AreOneDeletionWhateverTheirNumber) {
  const auto work_of_expiry = [](int others) {
    CountedStore counted{segmented_spec(StoreKind::window), false};
    WindowRows rows;
    rows.open(counted.store());
    for (int i = 0; i < others; ++i) rows.put(bytes(other_key(i)), hidden_time, bytes("value"), {});
    counted.commit();
    rows.put(bytes("key"), hidden_time + 10min, bytes("value"), {});
    return counted.work_of([&] { counted.commit(); });
  };

  EXPECT_EQ(work_of_expiry(many_others), work_of_expiry(few_others));
  // The row, the deletion, and the time of the store.
  EXPECT_EQ(work_of_expiry(many_others), (StorageWork{.writes = 3}));
}

TEST(OtherKeysThatLeave, AreNotWrittenIfTheyWereNotCommitted) {
  CountedStore counted{segmented_spec(StoreKind::window), false};
  WindowRows rows;
  rows.open(counted.store());
  for (int i = 0; i < many_others; ++i)
    rows.put(bytes(other_key(i)), hidden_time, bytes("value"), {});
  rows.put(bytes("key"), hidden_time + 10min, bytes("value"), {});

  EXPECT_EQ(counted.work_of([&] { counted.commit(); }), (StorageWork{.writes = 3}));
}

TEST(ASessionThatGrows, LeavesNothingToTheCommitButItself) {
  CountedStore counted{segmented_spec(StoreKind::session), false};
  SessionRows rows;
  rows.open(counted.store());
  Timestamp end{1};
  rows.put(bytes("key"), {Timestamp{1}, end}, bytes("value"), {});
  for (int i = 0; i < many_others; ++i, end = end + 1ms) {
    rows.put(bytes("key"), {Timestamp{1}, end}, std::nullopt, {});
    rows.put(bytes("key"), {Timestamp{1}, end + 1ms}, bytes("value"), {});
  }

  EXPECT_EQ(counted.work_of([&] { counted.commit(); }), (StorageWork{.writes = 2}));
  EXPECT_EQ(counted
                .work_of([&] {
                  for (auto row = rows.find(bytes("key"), {}, end, Direction::forward);
                       row->valid(); row->next()) {
                    EXPECT_EQ(row->end(), end);
                  }
                })
                .rows,
            1U);
}

TEST(OtherForeignKeys, AreNotGoneOverByTheSubscriptionsToOne) {
  const auto work_of_scan = [](int others) {
    CountedStore counted{{.name = "s", .layout = ValueLayout::plain}, false};
    processor::SubscriptionRows rows;
    rows.open(counted.store());
    const auto subscribe = [&](const std::string& foreign_key, int row) {
      rows.start_foreign_key().append(bytes(foreign_key));
      processor::Subscription subscription;
      subscription.primary_key.assign(bytes(other_key(row)));
      rows.put(subscription, {});
    };
    for (int i = 0; i < others; ++i) subscribe(other_key(i), i);
    for (int i = 0; i < 10; ++i) subscribe("key", i);
    counted.commit();
    return counted.work_of([&] {
      rows.start_foreign_key().append(bytes("key"));
      int found = 0;
      for (auto at = rows.subscriptions(); at.valid(); at.next()) ++found;
      EXPECT_EQ(found, 10);
    });
  };

  EXPECT_EQ(work_of_scan(many_others), (StorageWork{.ranges = 1, .rows = 10}));
  EXPECT_EQ(work_of_scan(few_others), (StorageWork{.ranges = 1, .rows = 10}));
}

}  // namespace
}  // namespace moldau::state
