#include "processor/store_of_a_processor.h"

#include <cmath>
#include <ranges>
#include <utility>

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Of committed entries, of entries that are not committed, and of a cache.
enum class Entries { committed, uncommitted, cached };

class StoreIterators : public StoreOfAProcessor, public ::testing::WithParamInterface<Entries> {
 protected:
  void SetUp() override {
    open(persistent_key_value_store<Text, Text>("st", {.caching = GetParam() == Entries::cached}));
    store = driver().key_value_store<Text, Text>("st");
    for (const char* key : {"a", "b", "c", "d"}) store.put(key, "1");
    if (GetParam() == Entries::committed) commit();
  }

  KeyValueStore<Text, Text> store;
};

TEST_P(StoreIterators, ShowOneEntryAfterTheOther) {
  auto at = store.range("b", "c");

  ASSERT_TRUE(at.valid());
  EXPECT_EQ(at->key, "b");
  EXPECT_EQ((*at).value, "1");
  at.next();
  EXPECT_EQ(at->key, "c");
  at.next();
  EXPECT_FALSE(at.valid());
}

TEST_P(StoreIterators, AreInputRanges) {
  auto entries = store.all();

  EXPECT_EQ(std::ranges::count_if(entries, [](const auto& entry) { return entry.key > "b"; }), 2);
}

TEST_P(StoreIterators, DoNotShowWhatIsDeletedBeforeTheyComeToIt) {
  std::vector<Text> seen;
  for (const auto& [key, value] : store.all()) {
    seen.push_back(key);
    if (key == "a") store.remove("b");
    if (key == "c") store.remove("d");
  }

  EXPECT_THAT(seen, ElementsAre("a", "c"));
}

TEST_P(StoreIterators, KeepShowingAnEntryThatIsDeletedOrReplacedMeanwhile) {
  std::vector<Text> seen;
  for (const auto& [key, value] : store.all()) {
    if (key == "b") {
      store.remove(key);
    } else {
      store.put(key, "2");
    }
    seen.push_back(key + value);
  }

  EXPECT_THAT(seen, ElementsAre("a1", "b1", "c1", "d1"));
  EXPECT_THAT(listed(store.all()), ElementsAre("a=2", "c=2", "d=2"));
}

TEST_P(StoreIterators, StandStillWhileTheStoreIsEmptiedBehindThem) {
  for (const auto& [key, value] : store.reverse_all()) store.remove(key);

  EXPECT_THAT(listed(store.all()), ElementsAre());
}

TEST_P(StoreIterators, ThatAreClosedRefuseToBeUsedAndToleratesASecondClose) {
  auto at = store.all();

  at.close();
  at.close();

  EXPECT_THAT(thrown<StreamsError>([&] { static_cast<void>(at.valid()); }),
              HasSubstr("an iterator of store \"st\" is used after it was closed"));
  EXPECT_THROW(static_cast<void>(at->key), StreamsError);
  EXPECT_THROW(at.next(), StreamsError);
}

TEST_P(StoreIterators, ThatWereMovedFromRefuseToBeUsed) {
  auto at = store.all();
  auto moved = std::move(at);

  EXPECT_EQ(moved->key, "a");
  EXPECT_THROW(static_cast<void>(at.valid()), StreamsError);  // NOLINT(bugprone-use-after-move)
}

TEST_P(StoreIterators, RefuseToBeReadBehindTheLastEntry) {
  auto at = store.range("d", "d");
  at.next();

  EXPECT_THAT(thrown<StreamsError>([&] { at.next(); }), HasSubstr("behind its last entry"));
  EXPECT_THROW(static_cast<void>(at->key), StreamsError);
}

TEST_P(StoreIterators, EndWithTheNextRecord) {
  auto at = store.all();

  commit();

  EXPECT_THAT(thrown<StreamsError>([&] { at.next(); }), HasSubstr("made by another call"));
}

TEST_P(StoreIterators, ShowInMetricsUntilTheyAreClosedOrDropped) {
  EXPECT_EQ(driver().metric("num-open-iterators"), 0);
  EXPECT_TRUE(std::isnan(driver().metric("oldest-iterator-open-since-ms")));
  const Timestamp start = at(1s);
  auto first = store.all();
  driver().advance_wall_clock_time(10ms);
  {
    auto second = store.range("a", "b");
    auto moved = std::move(second);
    EXPECT_EQ(driver().metric("num-open-iterators"), 2);
    EXPECT_EQ(driver().metric("oldest-iterator-open-since-ms"),
              static_cast<double>(start.milliseconds()));
    driver().advance_wall_clock_time(5ms);
    first.close();
    first.close();
    EXPECT_EQ(driver().metric("num-open-iterators"), 1);
    EXPECT_EQ(driver().metric("oldest-iterator-open-since-ms"),
              static_cast<double>(start.milliseconds() + 10));
    driver().advance_wall_clock_time(10ms);
  }

  EXPECT_EQ(driver().metric("num-open-iterators"), 0);
  EXPECT_TRUE(std::isnan(driver().metric("oldest-iterator-open-since-ms")));
  // Both were open for 15 milliseconds.
  EXPECT_EQ(driver().metric("iterator-duration-avg"), 15e6);
  EXPECT_EQ(driver().metric("iterator-duration-max"), 15e6);
}

TEST_P(StoreIterators, ThatTakeThePlaceOfOthersCloseThem) {
  auto entries = store.all();
  for (int i = 0; i < 3; ++i) entries = store.all();

  EXPECT_EQ(driver().metric("num-open-iterators"), 1);
}

INSTANTIATE_TEST_SUITE_P(OfEachPlace, StoreIterators,
                         ::testing::Values(Entries::committed, Entries::uncommitted,
                                           Entries::cached),
                         [](const auto& tested) {
                           switch (tested.param) {
                             case Entries::committed:
                               return "Committed";
                             case Entries::uncommitted:
                               return "Uncommitted";
                             case Entries::cached:
                               break;
                           }
                           return "Cached";
                         });

// An iterator that a processor keeps from one record to the next.
class KeepsIterator final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = context.key_value_store<Text, Text>("st"); }
  void process(const Record<Text, Text>& record) override {
    if (entries_) context().forward(record.with_value(entries_->operator*().value));
    store_.put(record.key(), record.value());
    entries_.emplace(store_.all());
  }

 private:
  KeyValueStore<Text, Text> store_;
  std::optional<KeyValueStore<Text, Text>::Iterator> entries_;
};

TEST(IteratorsOfAProcessor, EndWithTheCallOfProcess) {
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .process<KeepsIterator>({.stores = {in_memory_key_value_store<Text, Text>("st")}})
      .to("out");
  testing::TopologyTestDriver driver{b.build()};
  auto in = driver.input_topic<Text, Text>("in");
  in.pipe("a", "1");

  EXPECT_THAT(thrown<Error>([&] { in.pipe("b", "2"); }), HasSubstr("made by another call"));
}

}  // namespace
}  // namespace moldau::test
