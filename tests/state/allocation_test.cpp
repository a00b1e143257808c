#include "moldau/base/clock.h"

#include "allocation/counting_new.h"
#include "store_fixture.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace moldau::state {
namespace {

// Takes records without keeping them.
class CountingSink final : public RecordSink {
 public:
  TopicHandle topic(std::string_view) override { return TopicHandle{0}; }
  std::int32_t partitions(TopicHandle) override { return 1; }
  void send(const OutgoingRecord&) override { ++sent; }

  std::uint64_t sent = 0;
};

class SilentListener final : public FlushListener {
 public:
  void flushed(const CacheEntry&) override { ++told; }

  std::uint64_t told = 0;
};

// Keys and rows too long for the small form of a std::string.
constexpr std::string_view key_start = "a key that is longer than a small string ";
constexpr int keys = 64;
constexpr int rounds = 1000;

class Allocations : public ::testing::TestWithParam<StoreType> {
 protected:
  std::unique_ptr<KeyValueBytesStore> open(bool caching) {
    return open_store({.name = "s", .type = GetParam(), .caching = caching},
                      {.storage = *bench_.storage,
                       .folder = bench_.folder.path() / "s",
                       .changelog = target_,
                       .cache = &bench_.cache,
                       .logger = *bench_.logger,
                       .clock = system_clock(),
                       .metrics = bench_.metrics});
  }

  // One read and one write of each key, as an aggregation does.
  void update_all(KeyValueBytesStore& store) {
    for (int i = 0; i < keys; ++i) {
      key_.assign(bytes(key_start));
      key_.append(std::byte(i));
      if (!store.get(key_, row_)) row_.assign(bytes(first_row_));
      row_.data()[20] = std::byte(i);
      store.put(key_, row_.bytes(), context_);
    }
  }

  StoreBench bench_;
  CountingSink sink_;
  ChangelogTarget target_{sink_, TopicHandle{0}, PartitionId{0}};
  std::string first_row_ = row(1000, "a value that is longer than a small string");
  RecordContext context_{.timestamp = Timestamp{5},
                         .metadata = {"topic", PartitionId{0}, Offset{1}}};
  ByteBuffer key_;
  ByteBuffer row_;
};

TEST_P(Allocations, AreNotMadeByReadsAndWritesOfHotKeys) {
  const auto store = open(false);
  update_all(*store);
  store->commit(position(1));
  update_all(*store);
  const std::int64_t before = allocations();

  for (int i = 0; i < rounds; ++i) update_all(*store);

  EXPECT_EQ(allocations() - before, 0);
  EXPECT_EQ(sink_.sent, static_cast<std::uint64_t>(keys) * (rounds + 2));
}

// A store in memory reads from its map, and copies.
class AllocationsOnDisk : public Allocations {};

TEST_P(AllocationsOnDisk, AreNotMadeByTheFirstWriteAfterACommitEither) {
  const auto store = open(false);
  std::int64_t made = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::int64_t before = allocations();
    update_all(*store);
    if (i > 1) made += allocations() - before;
    store->commit(position(i));
  }

  EXPECT_EQ(made, 0);
}

TEST_P(Allocations, AreNotMadeByACachedStoreAndItsFlushes) {
  const auto store = open(true);
  SilentListener listener;
  store->set_flush_listener(listener, true);
  for (int i = 0; i < 2; ++i) {
    update_all(*store);
    store->flush_cache();
  }
  const std::int64_t before = allocations();

  for (int i = 0; i < rounds; ++i) {
    update_all(*store);
    store->flush_cache();
  }

  EXPECT_EQ(allocations() - before, 0);
  EXPECT_EQ(listener.told, static_cast<std::uint64_t>(keys) * (rounds + 2));
}

INSTANTIATE_TEST_SUITE_P(Kinds, AllocationsOnDisk, ::testing::Values(StoreType::rocksdb),
                         [](const auto&) { return "RocksDb"; });
INSTANTIATE_TEST_SUITE_P(Kinds, Allocations,
                         ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                         [](const auto& kind) {
                           return kind.param == StoreType::in_memory ? "Memory" : "RocksDb";
                         });

}  // namespace
}  // namespace moldau::state
