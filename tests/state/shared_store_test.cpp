#include "state/shared_store.h"

#include "moldau/state/session_rows.h"
#include "moldau/state/versioned_rows.h"
#include "moldau/state/window_rows.h"

#include "store_fixture.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

// One thread writes to a global store, with commits and segments that leave, while others read it.
// Whatever they find is something that was written. Under a thread sanitizer it shows too that no
// look into a layer goes without the lock.
namespace moldau::state {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t puts = 10'000;
constexpr std::int64_t puts_per_commit = 100;
constexpr std::int64_t keys = 8;

std::string key_of(std::int64_t put) { return "key" + std::to_string(put % keys); }
std::string value_of(std::string_view key, std::int64_t time) {
  return std::string{key} + "@" + std::to_string(time);
}

class SharedStores : public ::testing::TestWithParam<StoreType> {
 protected:
  void open(StoreSpec spec) {
    spec.type = GetParam();
    spec.layout = ValueLayout::plain;
    spec.caching = false;
    spec.logging = false;
    store_ = std::make_unique<SharedStore>(bench_.open(spec));
    view_ = std::make_unique<ReadOnlyStore>(*store_);
  }
  KeyValueBytesStore& writable() { return *store_; }
  KeyValueBytesStore& view() { return *view_; }

  // `put` is called with 0, 1, 2, ...; `read` by two threads, again and again until all is put.
  template <class Put, class Read>
  void race(Put put, Read read) {
    std::atomic<bool> done{false};
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
      readers.emplace_back([&] {
        auto found = read();
        bool last = false;
        do {
          last = done;
          seen_ += found();
        } while (!last);
      });
    }
    for (std::int64_t i = 0; i < puts; ++i) {
      put(i);
      if (i % puts_per_commit == 0) store_->commit(std::nullopt);
    }
    done = true;  // each reads once more, and has something to find
    for (std::thread& reader : readers) reader.join();
    EXPECT_GT(seen_, 0U);
    EXPECT_EQ(wrong_, 0U);
  }
  void check(std::string_view key, std::int64_t time, Bytes value) {
    if (value.text() != value_of(key, time)) ++wrong_;
  }

  // Every row of one key; how many there were.
  template <class Rows>
  std::uint64_t check_key(std::string_view key, std::unique_ptr<Rows> row) {
    std::uint64_t found = 0;
    for (; row->valid(); row->next(), ++found) {
      check(key, row->start().milliseconds(), row->value());
    }
    return found;
  }

  std::atomic<std::uint64_t> seen_{0};
  std::atomic<std::uint64_t> wrong_{0};

 private:
  StoreBench bench_;
  std::unique_ptr<SharedStore> store_;
  std::unique_ptr<ReadOnlyStore> view_;
};

TEST_P(SharedStores, ShowWindowsWhileTheyComeAndGo) {
  open({.name = "s",
        .kind = StoreKind::window,
        .retention = 1000ms,
        .segment_interval = 500ms,
        .window_size = 10ms});
  WindowRows written;
  written.open(writable());

  race(
      [&](std::int64_t i) {
        written.put(bytes(key_of(i)), Timestamp{i}, bytes(value_of(key_of(i), i)), at(i));
      },
      [&] {
        return [&, rows = WindowRows{}]() mutable {
          if (!rows.is_open()) rows.open(view());
          std::uint64_t found = 0;
          found += check_key("key1", rows.fetch(bytes("key1"), TimeSpan{}, Direction::forward));
          for (auto row = rows.fetch(KeySpan{}, TimeSpan{}, Direction::backward); row->valid();
               row->next(), ++found) {
            check(row->key().text(), row->start().milliseconds(), row->value());
          }
          return found;
        };
      });
}

TEST_P(SharedStores, ShowSessionsWhileTheyComeAndGo) {
  open({.name = "s", .kind = StoreKind::session, .retention = 1000ms, .segment_interval = 500ms});
  SessionRows written;
  written.open(writable());

  race(
      [&](std::int64_t i) {
        written.put(bytes(key_of(i)), {.from = Timestamp{i}, .to = Timestamp{i}},
                    bytes(value_of(key_of(i), i)), at(i));
      },
      [&] {
        return [&, rows = SessionRows{}]() mutable {
          if (!rows.is_open()) rows.open(view());
          return check_key(
              "key1", rows.find(bytes("key1"), Timestamp{0}, Timestamp::max(), Direction::forward));
        };
      });
}

TEST_P(SharedStores, ShowVersionsWhileTheyComeAndGo) {
  open({.name = "s", .kind = StoreKind::versioned, .retention = 1000ms, .segment_interval = 500ms});
  VersionedRows written;
  written.open(writable());

  race(
      [&](std::int64_t i) {
        written.put(bytes(key_of(i)), bytes(value_of(key_of(i), i)), Timestamp{i}, at(i));
      },
      [&] {
        return [&, rows = VersionedRows{}, value = ByteBuffer{}, open = false]() mutable {
          if (!open) rows.open(view());
          open = true;
          std::uint64_t found = 0;
          if (const auto version = rows.get(bytes("key1"), value)) {
            check("key1", version->from.milliseconds(), value);
            ++found;
            if (const auto before = rows.get(bytes("key1"), version->from - 1ms, value)) {
              check("key1", before->from.milliseconds(), value);
            }
          }
          for (auto version = rows.history(bytes("key2"), TimeSpan{}, Direction::forward);
               version->valid(); version->next(), ++found) {
            check("key2", version->version().from.milliseconds(), version->value());
          }
          return found;
        };
      });
}

TEST_P(SharedStores, ThatAreReadOnlyRefusePutsAndKeepTheirTime) {
  open({.name = "s",
        .kind = StoreKind::window,
        .retention = 1000ms,
        .segment_interval = 500ms,
        .window_size = 10ms});
  WindowRows written;
  written.open(writable());
  written.put(bytes("a"), Timestamp{1}, bytes("1"), at(1));
  WindowRows rows;
  rows.open(view());

  EXPECT_THROW(rows.put(bytes("a"), Timestamp{1'000'000}, bytes("2"), at(1)), StateStoreError);

  ByteBuffer value;
  EXPECT_TRUE(rows.get(bytes("a"), Timestamp{1}, value));
  EXPECT_TRUE(rows.fetch(bytes("a"), TimeSpan{}, Direction::forward)->valid());
}

INSTANTIATE_TEST_SUITE_P(Types, SharedStores,
                         ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                         [](const auto& tested) {
                           return tested.param == StoreType::in_memory ? "Memory" : "RocksDb";
                         });

}  // namespace
}  // namespace moldau::state
