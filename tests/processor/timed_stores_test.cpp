#include "processor/store_of_a_processor.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// ---- window stores ----

class WindowStores : public StoreOfAProcessor {
 protected:
  WindowStore<Text, Text> open_windows(const WindowStoreShape& shape) {
    return open(persistent_window_store<Text, Text>("st", shape)).window_store<Text, Text>("st");
  }
  // a at 0 and 100, b at 100, c at 200; windows of 100 ms.
  WindowStore<Text, Text> open_some() {
    auto store = open_windows({.retention = 1h, .window_size = 100ms});
    store.put("a", "1", at(0ms));
    store.put("b", "2", at(100ms));
    store.put("a", "3", at(100ms));
    store.put("c", "4", at(200ms));
    return store;
  }
  static std::vector<Text> by_start(WindowStore<Text, Text>::Iterator entries) {
    std::vector<Text> all;
    for (const auto& [start, value] : entries) {
      all.push_back(std::to_string(start.milliseconds()) + "=" + value);
    }
    return all;
  }
};

TEST_F(WindowStores, AWindowIsFoundByKeyAndStart) {
  auto store = open_some();

  EXPECT_EQ(store.fetch("a", at(100ms)), "3");
  EXPECT_EQ(store.fetch("a", at(200ms)), std::nullopt);
  store.put("a", nullptr, at(100ms));
  EXPECT_EQ(store.fetch("a", at(100ms)), std::nullopt);
}

TEST_F(WindowStores, TheWindowsOfAKeyComeByTheirStartsBothEndsIncluded) {
  auto store = open_some();

  EXPECT_THAT(by_start(store.fetch("a", at(0ms), at(100ms))), ElementsAre("0=1", "100=3"));
  EXPECT_THAT(by_start(store.backward_fetch("a", at(0ms), at(100ms))), ElementsAre("100=3", "0=1"));
  EXPECT_THAT(by_start(store.fetch("a", at(1ms), at(99ms))), IsEmpty());
  EXPECT_THAT(by_start(store.fetch("a", at(-5ms), at(0ms))), ElementsAre("0=1"));
  EXPECT_THAT(by_start(store.fetch("a", at(100ms), at(0ms))), IsEmpty());
}

TEST_F(WindowStores, TheWindowsOfSeveralKeysComeWithinTheirSegmentByKey) {
  auto store = open_some();
  const Text b = "b";

  EXPECT_THAT(listed_windows(store.fetch("a", "b", at(0ms), at(1s))),
              ElementsAre("a@0-100=1", "a@100-200=3", "b@100-200=2"));
  EXPECT_THAT(listed_windows(store.backward_fetch("a", "b", at(0ms), at(1s))),
              ElementsAre("b@100-200=2", "a@100-200=3", "a@0-100=1"));
  EXPECT_THAT(listed_windows(store.fetch(&b, nullptr, at(0ms), at(1s))),
              ElementsAre("b@100-200=2", "c@200-300=4"));
  EXPECT_THAT(listed_windows(store.backward_fetch(nullptr, &b, at(100ms), at(1s))),
              ElementsAre("b@100-200=2", "a@100-200=3"));
}

TEST_F(WindowStores, TheWindowsOfAllKeysAreFoundByTime) {
  auto store = open_some();

  EXPECT_THAT(listed_windows(store.fetch_all(at(100ms), at(150ms))),
              ElementsAre("a@100-200=3", "b@100-200=2"));
  EXPECT_THAT(listed_windows(store.backward_fetch_all(at(100ms), at(150ms))),
              ElementsAre("b@100-200=2", "a@100-200=3"));
  EXPECT_EQ(listed_windows(store.all()).size(), 4U);
  EXPECT_THAT(listed_windows(store.backward_all()).front(), "c@200-300=4");
}

TEST_F(WindowStores, AWindowOlderThanTheRetentionIsGoneAndCannotBePut) {
  auto store = open_windows({.retention = 100ms, .window_size = 10ms});
  store.put("a", "1", at(0ms));

  store.put("b", "2", at(100ms));

  EXPECT_EQ(store.fetch("a", at(0ms)), std::nullopt);
  EXPECT_THAT(listed_windows(store.all()), ElementsAre("b@100-110=2"));
  store.put("b", "3", at(10min));
  EXPECT_EQ(driver().metric("dropped-records-total"), 0);
  store.put("a", "4", at(0ms));
  EXPECT_EQ(driver().metric("dropped-records-total"), 1);
}

TEST_F(WindowStores, DuplicatesAreKeptInTheOrderTheyWerePut) {
  auto store = open_windows({.retention = 1h, .window_size = 100ms, .retain_duplicates = true});
  store.put("a", "2", at(0ms));
  store.put("a", "1", at(0ms));

  store.put("a", nullptr, at(0ms));

  EXPECT_THAT(by_start(store.fetch("a", at(0ms), at(0ms))), ElementsAre("0=2", "0=1"));
  EXPECT_THAT(by_start(store.backward_fetch("a", at(0ms), at(0ms))), ElementsAre("0=1", "0=2"));
  EXPECT_THAT(thrown<StreamsError>([&] { static_cast<void>(store.fetch("a", at(0ms))); }),
              HasSubstr("store \"st\" retains duplicates"));
}

TEST_F(WindowStores, TimestampedOnesKeepTheTimeBesideTheWindow) {
  open(in_memory_timestamped_window_store<Text, Text>("st",
                                                      {.retention = 1h, .window_size = 100ms}));
  auto store = driver().timestamped_window_store<Text, Text>("st");

  store.put("a", {"1", at(42ms)}, at(0ms));
  commit();

  EXPECT_EQ(store.fetch("a", at(0ms)), (ValueAndTimestamp<Text>{"1", at(42ms)}));
  EXPECT_EQ(store.all()->value.timestamp, at(42ms));
  EXPECT_EQ(driver().take_sent().at(0).timestamp, at(42ms));
}

TEST_F(WindowStores, IteratorsOfWindowsEndAsOthersDo) {
  auto store = open_some();
  auto of_key = store.fetch("a", at(0ms), at(1s));
  auto of_all = store.all();

  of_key.close();
  commit();

  EXPECT_THROW(static_cast<void>(of_key.valid()), StreamsError);
  EXPECT_THROW(static_cast<void>(of_all.valid()), StreamsError);
}

TEST_F(WindowStores, WindowsThatAreRemovedInTheLoopAreNotShownLater) {
  auto store = open_some();

  std::vector<Text> seen;
  for (const auto& [key, value] : store.all()) {
    seen.push_back(key.key + value);
    if (seen.size() == 1) store.put("a", nullptr, at(100ms));
    store.put(key.key, nullptr, key.window.start);
  }

  EXPECT_THAT(seen, ElementsAre("a1", "b2", "c4"));
  EXPECT_THAT(listed_windows(store.all()), IsEmpty());
}

// ---- session stores ----

class SessionStores : public StoreOfAProcessor {
 protected:
  SessionStore<Text, Text> open_sessions(std::chrono::milliseconds retention) {
    return open(persistent_session_store<Text, Text>("st", retention))
        .session_store<Text, Text>("st");
  }
  SessionStore<Text, Text> open_some() {
    auto store = open_sessions(1h);
    store.put(session("a", 0ms, 10ms), "1");
    store.put(session("a", 50ms, 80ms), "2");
    store.put(session("a", 200ms, 200ms), "3");
    store.put(session("b", 60ms, 70ms), "4");
    return store;
  }
  static Windowed<Text> session(const Text& key, std::chrono::milliseconds start,
                                std::chrono::milliseconds end) {
    return {key, {at(start), at(end)}};
  }
};

TEST_F(SessionStores, ASessionIsFoundByKeyAndBothEnds) {
  auto store = open_some();

  EXPECT_EQ(store.fetch_session("a", at(50ms), at(80ms)), "2");
  EXPECT_EQ(store.fetch_session("a", at(50ms), at(81ms)), std::nullopt);
}

TEST_F(SessionStores, FindGivesTheSessionsThatARecordBelongsTo) {
  auto store = open_some();

  // A record at 30 with a gap of 20.
  EXPECT_THAT(listed_windows(store.find_sessions("a", at(10ms), at(50ms))),
              ElementsAre("a@0-10=1", "a@50-80=2"));
  EXPECT_THAT(listed_windows(store.backward_find_sessions("a", at(10ms), at(50ms))),
              ElementsAre("a@50-80=2", "a@0-10=1"));
  EXPECT_THAT(listed_windows(store.find_sessions("a", at(11ms), at(49ms))), IsEmpty());
}

TEST_F(SessionStores, FindAndFetchTakeSpansOfKeys) {
  auto store = open_some();
  const Text b = "b";

  EXPECT_THAT(listed_windows(store.find_sessions("a", "b", at(60ms), at(100ms))),
              ElementsAre("a@50-80=2", "b@60-70=4"));
  EXPECT_THAT(listed_windows(store.backward_find_sessions("a", "b", at(60ms), at(100ms))),
              ElementsAre("b@60-70=4", "a@50-80=2"));
  EXPECT_THAT(listed_windows(store.fetch("a")),
              ElementsAre("a@0-10=1", "a@50-80=2", "a@200-200=3"));
  EXPECT_THAT(listed_windows(store.backward_fetch("a")).front(), "a@200-200=3");
  EXPECT_EQ(listed_windows(store.fetch("a", "b")).size(), 4U);
  EXPECT_THAT(listed_windows(store.fetch(&b, nullptr)), ElementsAre("b@60-70=4"));
  EXPECT_EQ(listed_windows(store.backward_fetch(nullptr, nullptr)).size(), 4U);
}

TEST_F(SessionStores, ASessionThatGrowsIsRemovedAndPutAgain) {
  auto store = open_some();

  store.remove(session("a", 0ms, 10ms));
  store.put(session("a", 0ms, 30ms), "5");
  store.put(session("b", 60ms, 70ms), nullptr);

  EXPECT_THAT(listed_windows(store.fetch("a", "b")),
              ElementsAre("a@0-30=5", "a@50-80=2", "a@200-200=3"));
}

TEST_F(SessionStores, ASessionLeavesByItsEnd) {
  auto store = open_sessions(100ms);
  store.put(session("a", 0ms, 10ms), "1");
  store.put(session("a", 0ms, 60ms), "2");

  store.put(session("b", 110ms, 110ms), "3");

  EXPECT_THAT(listed_windows(store.fetch("a")), ElementsAre("a@0-60=2"));
  EXPECT_EQ(store.fetch_session("a", at(0ms), at(10ms)), std::nullopt);
}

TEST_F(SessionStores, AnExpiredSessionThatIsRemovedIsNoDropAndOneThatIsPutAsNothingIs) {
  auto store = open_sessions(100ms);
  store.put(session("b", 10min, 10min), "1");

  store.remove(session("a", 0ms, 10ms));
  EXPECT_EQ(driver().metric("dropped-records-total"), 0);
  store.put(session("a", 0ms, 10ms), nullptr);
  EXPECT_EQ(driver().metric("dropped-records-total"), 1);
}

TEST_F(SessionStores, ARemovalMovesTheTimeOfAStoreOnDiskAndOfNoneInMemory) {
  auto on_disk = open_sessions(100ms);
  on_disk.put(session("a", 0ms, 10ms), "1");
  on_disk.remove(session("b", 10min, 10min));
  EXPECT_THAT(listed_windows(on_disk.fetch("a")), IsEmpty());

  open(in_memory_session_store<Text, Text>("st", 100ms));
  auto in_memory = driver().session_store<Text, Text>("st");
  in_memory.put(session("a", 0ms, 10ms), "1");
  in_memory.remove(session("b", 10min, 10min));
  EXPECT_THAT(listed_windows(in_memory.fetch("a")), ElementsAre("a@0-10=1"));
}

// ---- versioned stores ----

class VersionedStores : public StoreOfAProcessor {
 protected:
  using Store = VersionedKeyValueStore<Text, Text>;
  void SetUp() override {
    open(persistent_versioned_key_value_store<Text, Text>("st", 100ms));
    store = driver().versioned_key_value_store<Text, Text>("st");
  }
  Store store;
};

TEST_F(VersionedStores, GiveTheVersionOfATime) {
  store.put("a", "1", at(10ms));
  store.put("a", "2", at(20ms));

  EXPECT_EQ(store.get("a"), (Store::Record{"2", at(20ms)}));
  EXPECT_EQ(store.get("a", at(19ms)), (Store::Record{"1", at(10ms), at(20ms)}));
  EXPECT_EQ(store.get("a", at(9ms)), std::nullopt);
  EXPECT_EQ(store.get("b"), std::nullopt);
}

TEST_F(VersionedStores, TellHowAVersionLiesAmongTheOthers) {
  const Store::Put latest = store.put("a", "2", at(20ms));
  const Store::Put between = store.put("a", "1", at(10ms));
  store.put("b", "1", at(200ms));
  const Store::Put late = store.put("a", "0", at(99ms));

  EXPECT_TRUE(latest.accepted);
  EXPECT_EQ(latest.valid_to, std::nullopt);
  EXPECT_TRUE(between.accepted);
  EXPECT_EQ(between.valid_to, at(20ms));
  EXPECT_FALSE(late.accepted);
  EXPECT_EQ(driver().metric("dropped-records-total"), 1);
}

TEST_F(VersionedStores, ADeletionIsAVersionToo) {
  store.put("a", "1", at(10ms));

  EXPECT_EQ(store.extract("a", at(30ms)), (Store::Record{"1", at(10ms)}));

  EXPECT_EQ(store.get("a"), std::nullopt);
  EXPECT_EQ(store.get("a", at(29ms)), (Store::Record{"1", at(10ms), at(30ms)}));
  store.put("b", "1", at(10ms));
  EXPECT_TRUE(store.remove("b", at(5ms)).accepted);
  EXPECT_EQ(store.get("b"), (Store::Record{"1", at(10ms)}));
  store.put("b", nullptr, at(20ms));
  EXPECT_EQ(store.get("b"), std::nullopt);
}

TEST_F(VersionedStores, ADeletionBeforeTheHistoryExtractsNothing) {
  store.put("a", "1", at(10ms));
  store.put("b", "1", at(200ms));

  EXPECT_EQ(store.extract("a", at(99ms)), std::nullopt);

  EXPECT_EQ(driver().metric("dropped-records-total"), 1);
  EXPECT_EQ(store.get("a"), (Store::Record{"1", at(10ms)}));
}

TEST_F(VersionedStores, TheLatestVersionNeverLeaves) {
  store.put("a", "1", at(10ms));
  store.put("b", "1", at(1h));

  EXPECT_EQ(store.get("a"), (Store::Record{"1", at(10ms)}));
  EXPECT_EQ(store.get("a", at(1h)), (Store::Record{"1", at(10ms)}));
}

}  // namespace
}  // namespace moldau::test
