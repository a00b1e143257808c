#include "state/memory_map.h"
#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// The rules of StorageMap, for each that there is.
class StorageMapRules : public ::testing::TestWithParam<StoreType> {
 protected:
  void SetUp() override {
    if (GetParam() == StoreType::in_memory) {
      map_ = std::make_unique<MemoryMap>();
    } else {
      storage_ = make_rocksdb_storage();
      map_ = storage_->open(folder_.path() / "store");
    }
  }

  void write(std::vector<StorageWrite> writes,
             const std::optional<ChangelogPosition>& reached = std::nullopt) {
    map_->apply(writes, reached);
  }
  Entries read(const ByteRange& range, Direction direction = Direction::forward) {
    return read_all(map_->range(range, direction));
  }

  TemporaryFolder folder_;
  std::shared_ptr<Storage> storage_;
  std::unique_ptr<StorageMap> map_;
};

TEST_P(StorageMapRules, ANewOneHoldsNothing) {
  EXPECT_EQ(get(*map_, "a"), std::nullopt);
  EXPECT_THAT(read(ByteRange::all()), IsEmpty());
  EXPECT_EQ(map_->position(), std::nullopt);
  EXPECT_EQ(map_->approximate_entries(), 0U);
}

TEST_P(StorageMapRules, AMarkIsNoEntryAndStays) {
  EXPECT_EQ(map_->mark(), bytes(""));

  map_->set_mark(bytes("x"));
  EXPECT_EQ(map_->mark(), bytes("x"));
  EXPECT_EQ(map_->approximate_entries(), 0U);
  EXPECT_THAT(read(ByteRange::all()), IsEmpty());

  map_->set_mark(bytes("how rows are"));
  EXPECT_EQ(map_->mark(), bytes("how rows are"));
  if (storage_ == nullptr) return;
  map_.reset();
  map_ = storage_->open(folder_.path() / "store");
  EXPECT_EQ(map_->mark(), bytes("how rows are"));
}

TEST_P(StorageMapRules, AnAbsentKeyLeavesTheValueAlone) {
  ByteBuffer value{bytes("untouched")};

  EXPECT_FALSE(map_->get(bytes("a"), value));

  EXPECT_EQ(value.bytes(), bytes("untouched"));
}

TEST_P(StorageMapRules, TheLastWriteOfAKeyInABatchCounts) {
  write({{bytes("a"), bytes("1")}, {bytes("a"), bytes("2")}, {bytes("b"), bytes("3")}});
  write({{bytes("b"), std::nullopt}, {bytes("c"), bytes("")}, {bytes("c"), std::nullopt}});

  EXPECT_THAT(read(ByteRange::all()), ElementsAre(Pair("a", "2")));
}

TEST_P(StorageMapRules, EmptyKeysAndEmptyValuesAreKeysAndValues) {
  write({{bytes(""), bytes("empty key")}, {bytes("k"), bytes("")}});

  EXPECT_EQ(get(*map_, ""), "empty key");
  EXPECT_EQ(get(*map_, "k"), "");
  EXPECT_THAT(read(ByteRange::all()), ElementsAre(Pair("", "empty key"), Pair("k", "")));
}

TEST_P(StorageMapRules, KeysAreOrderedAsUnsignedBytes) {
  write({{bytes("\x7f"), bytes("1")}, {bytes("\x80"), bytes("2")}, {bytes("\xff"), bytes("3")}});

  EXPECT_THAT(read(ByteRange::all()),
              ElementsAre(Pair("\x7f", "1"), Pair("\x80", "2"), Pair("\xff", "3")));
}

TEST_P(StorageMapRules, ARangeHasBothItsEndsInBothDirections) {
  write({{bytes("a"), bytes("1")},
         {bytes("b"), bytes("2")},
         {bytes("c"), bytes("3")},
         {bytes("d"), bytes("4")}});

  EXPECT_THAT(read(between("b", "c")), ElementsAre(Pair("b", "2"), Pair("c", "3")));
  EXPECT_THAT(read(between("b", "c"), Direction::backward),
              ElementsAre(Pair("c", "3"), Pair("b", "2")));
  EXPECT_THAT(read(between("b", "c", true), Direction::backward), ElementsAre(Pair("b", "2")));
  EXPECT_THAT(read(between("bb", "bz")), IsEmpty());
}

TEST_P(StorageMapRules, ARangeThatEndsBeforeItBeginsIsEmpty) {
  write({{bytes("a"), bytes("1")}, {bytes("b"), bytes("2")}, {bytes("c"), bytes("3")}});

  EXPECT_THAT(read(between("c", "a")), IsEmpty());
  EXPECT_THAT(read(between("c", "a"), Direction::backward), IsEmpty());
  EXPECT_THAT(read(between("b", "b", true)), IsEmpty());
}

TEST_P(StorageMapRules, ARangeIsASnapshot) {
  write({{bytes("a"), bytes("1")}, {bytes("c"), bytes("3")}});
  auto range = map_->range(ByteRange::all(), Direction::forward);

  write({{bytes("a"), bytes("changed")}, {bytes("b"), bytes("2")}, {bytes("c"), std::nullopt}});

  EXPECT_THAT(read_all(std::move(range)), ElementsAre(Pair("a", "1"), Pair("c", "3")));
  EXPECT_THAT(read(ByteRange::all()), ElementsAre(Pair("a", "changed"), Pair("b", "2")));
}

TEST_P(StorageMapRules, ThePositionStaysUntilAnotherIsGiven) {
  ChangelogPosition known = position(12);
  known.topic_id = "Yx9";
  write({{bytes("a"), bytes("1")}}, known);
  write({{bytes("a"), bytes("2")}});
  EXPECT_EQ(map_->position(), known);

  write({}, position(13));
  EXPECT_EQ(map_->position(), position(13));
}

INSTANTIATE_TEST_SUITE_P(Kinds, StorageMapRules,
                         ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                         [](const auto& kind) {
                           return kind.param == StoreType::in_memory ? "Memory" : "RocksDb";
                         });

}  // namespace
}  // namespace moldau::state
