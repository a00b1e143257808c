#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class Overlay : public ::testing::TestWithParam<StoreType> {
 protected:
  StoreSpec spec_{.name = "s",
                  .type = GetParam(),
                  .layout = ValueLayout::plain,
                  .caching = false,
                  .logging = false};
  StoreBench bench_;
  std::unique_ptr<KeyValueBytesStore> store_ = bench_.open(spec_);

  Entries all(Direction direction = Direction::forward) {
    return read_all(store_->range(ByteRange::all(), direction));
  }
};

TEST_P(Overlay, AnAbsentKeyIsLookedUpBelow) {
  put(*store_, "a", "1");
  store_->commit(position(1));

  EXPECT_EQ(get(*store_, "a"), "1");
  EXPECT_EQ(get(*store_, "b"), std::nullopt);
}

TEST_P(Overlay, ADeletionHidesWhatIsBelow) {
  put(*store_, "a", "1");
  store_->commit(std::nullopt);

  erase(*store_, "a");

  EXPECT_EQ(get(*store_, "a"), std::nullopt);
  EXPECT_THAT(all(), IsEmpty());
  store_->commit(std::nullopt);
  EXPECT_EQ(get(*store_, "a"), std::nullopt);
}

TEST_P(Overlay, RollbackGoesBackToTheLastCommit) {
  put(*store_, "a", "1");
  put(*store_, "b", "1");
  store_->commit(position(2));
  put(*store_, "a", "2");
  erase(*store_, "b");
  put(*store_, "c", "2");

  store_->rollback();

  EXPECT_THAT(all(), ElementsAre(Pair("a", "1"), Pair("b", "1")));
  EXPECT_EQ(get(*store_, "a"), "1");
  EXPECT_EQ(get(*store_, "c"), std::nullopt);
  EXPECT_EQ(store_->committed_position(), position(2));
  EXPECT_EQ(store_->uncommitted_bytes(), 0U);
}

TEST_P(Overlay, WriteDownLeavesThePositionAsItWas) {
  put(*store_, "a", "1");
  store_->commit(position(2));
  put(*store_, "a", "2");

  store_->write_down();
  store_->rollback();

  EXPECT_EQ(get(*store_, "a"), "2");
  EXPECT_EQ(store_->committed_position(), position(2));
}

TEST_P(Overlay, ACommitWithoutWritesStillMovesThePosition) {
  store_->commit(position(5));
  EXPECT_EQ(store_->committed_position(), position(5));

  store_->commit(std::nullopt);
  EXPECT_EQ(store_->committed_position(), position(5));
}

TEST_P(Overlay, UncommittedBytesAreThoseOfTheKeysNotOfTheWrites) {
  EXPECT_EQ(store_->uncommitted_bytes(), 0U);
  put(*store_, "a", std::string(100, 'x'));
  const std::size_t once = store_->uncommitted_bytes();
  EXPECT_GT(once, 100U);

  for (int i = 0; i < 1000; ++i) put(*store_, "a", std::string(100, 'y'));
  EXPECT_EQ(store_->uncommitted_bytes(), once);
  put(*store_, "b", std::string(1000, 'x'));
  EXPECT_GT(store_->uncommitted_bytes(), once + 1000);

  store_->commit(std::nullopt);
  EXPECT_EQ(store_->uncommitted_bytes(), 0U);
}

TEST_P(Overlay, TheEntryAnIteratorShowsMayBeDeletedInTheLoop) {
  for (const char* key : {"a", "b", "c", "d"}) put(*store_, key, "below");
  store_->commit(std::nullopt);
  put(*store_, "b", "above");
  put(*store_, "e", "above");
  std::vector<std::string> seen;

  for (auto it = store_->range(ByteRange::all(), Direction::forward); it->valid(); it->next()) {
    const std::string key{it->key().text()};
    seen.push_back(key);
    erase(*store_, key);
    EXPECT_EQ(it->key().text(), key);
  }

  EXPECT_THAT(seen, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(all(), IsEmpty());
}

TEST_P(Overlay, AnEntryDeletedAheadOfAnIteratorIsNotShown) {
  for (const char* key : {"a", "b", "c", "d"}) put(*store_, key, "below");
  store_->commit(std::nullopt);
  put(*store_, "c", "above");
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    auto it = store_->range(ByteRange::all(), direction);
    erase(*store_, "b");
    erase(*store_, "c");
    std::vector<std::string> seen;
    for (; it->valid(); it->next()) seen.emplace_back(it->key().text());

    EXPECT_THAT(seen, ::testing::UnorderedElementsAre("a", "d"));
  }
}

TEST_P(Overlay, AnIteratorThatWritesBehindItselfComesToAnEnd) {
  for (const char* key : {"b", "c"}) put(*store_, key, "1");
  int steps = 0;

  for (auto it = store_->range(ByteRange::all(), Direction::forward); it->valid(); it->next()) {
    put(*store_, "a" + std::to_string(++steps), "behind");
  }

  EXPECT_EQ(steps, 2);
}

TEST_P(Overlay, KeysBelowTheLowerBoundDoNotLeakIntoARange) {
  put(*store_, "m", "below");
  store_->commit(std::nullopt);
  for (const char* key : {"a", "n", "z"}) put(*store_, key, "above");

  EXPECT_THAT(read_all(store_->range(between("b", "o"), Direction::forward)),
              ElementsAre(Pair("m", "below"), Pair("n", "above")));
  EXPECT_THAT(read_all(store_->range(between("b", "n", true), Direction::backward)),
              ElementsAre(Pair("m", "below")));
  EXPECT_THAT(read_all(store_->range(between("o", "b"), Direction::forward)), IsEmpty());
}

TEST_P(Overlay, IsEmptyAfterACommitThatNobodyWroteFor) {
  EXPECT_EQ(store_->approximate_entries(), 0U);
  put(*store_, "a", "1");
  EXPECT_EQ(store_->approximate_entries(), 1U);
  store_->commit(std::nullopt);
  EXPECT_EQ(store_->approximate_entries(), 1U);
}

TEST_P(Overlay, CountsAtCommits) {
  put(*store_, "a", "1");
  EXPECT_EQ(get(*store_, "a"), "1");
  erase(*store_, "a");
  EXPECT_EQ(get(*store_, "b"), std::nullopt);
  store_->commit(std::nullopt);

  EXPECT_EQ(bench_.metrics.sum("put-total"), 1);
  EXPECT_EQ(bench_.metrics.sum("delete-total"), 1);
  EXPECT_EQ(bench_.metrics.sum("get-total"), 2);
  EXPECT_EQ(bench_.metrics.sum("storage-read-total"), 1);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Overlay,
                         ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                         [](const auto& kind) {
                           return kind.param == StoreType::in_memory ? "Memory" : "RocksDb";
                         });

TEST(OverlayOnDisk, AHotKeyIsAnsweredFromMemoryAfterACommit) {
  StoreBench bench;
  const auto store =
      bench.open({.name = "s", .layout = ValueLayout::plain, .caching = false, .logging = false});
  EXPECT_EQ(get(*store, "a"), std::nullopt);
  for (int i = 0; i < 10; ++i) {
    put(*store, "a", std::to_string(i));
    store->commit(position(i));
    EXPECT_EQ(get(*store, "a"), std::to_string(i));
  }
  store->commit(std::nullopt);

  EXPECT_EQ(bench.metrics.sum("storage-read-total"), 1);
}

}  // namespace
}  // namespace moldau::state
