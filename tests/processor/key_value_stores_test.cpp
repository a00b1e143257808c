#include "processor/store_of_a_processor.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class KeyValueStores : public StoreOfAProcessor {
 protected:
  KeyValueStore<Text, Text> open_plain() {
    return open(persistent_key_value_store<Text, Text>("st")).key_value_store<Text, Text>("st");
  }
  TimestampedKeyValueStore<Text, Text> open_timestamped(Stored<Text, Text> stored) {
    return open(persistent_timestamped_key_value_store<Text, Text>("st", std::move(stored)))
        .timestamped_key_value_store<Text, Text>("st");
  }
};

TEST_F(KeyValueStores, APutReplacesWhatTheKeyHad) {
  auto store = open_plain();

  EXPECT_EQ(store.get("a"), std::nullopt);
  store.put("a", "1");
  store.put("a", "2");

  EXPECT_EQ(store.get("a"), "2");
}

TEST_F(KeyValueStores, ANullValueDeletesAndDeletingNothingIsFine) {
  auto store = open_plain();
  store.put("a", "1");
  store.put("b", "2");

  store.put("a", nullptr);
  store.remove("b");
  store.remove("c");

  EXPECT_THAT(listed(store.all()), IsEmpty());
}

TEST_F(KeyValueStores, AValueThatStandsForNullDeletes) {
  open(persistent_key_value_store<Text, std::optional<Text>>("st"));
  auto store = driver().key_value_store<Text, std::optional<Text>>("st");
  store.put("a", Text{"1"});

  store.put("a", std::nullopt);

  EXPECT_FALSE(store.get("a").has_value());
}

TEST_F(KeyValueStores, AKeyThatStandsForNullIsRefused) {
  open(persistent_key_value_store<std::optional<Text>, Text>("st"));
  auto store = driver().key_value_store<std::optional<Text>, Text>("st");

  EXPECT_THAT(thrown<NullAccess>([&] { store.put(std::nullopt, "1"); }),
              HasSubstr("store \"st\" is asked for a key that stands for null"));
}

TEST_F(KeyValueStores, PutIfAbsentLeavesAPresentValueAndReturnsIt) {
  auto store = open_plain();

  EXPECT_EQ(store.put_if_absent("a", "1"), std::nullopt);
  EXPECT_EQ(store.put_if_absent("a", "2"), "1");

  EXPECT_EQ(store.get("a"), "1");
}

TEST_F(KeyValueStores, PutAllTakesPairsAndKeyValues) {
  auto store = open_plain();

  store.put_all(std::vector<KeyValue<Text, Text>>{{"a", "1"}, {"b", "2"}, {"a", "3"}});
  store.put_all(std::map<Text, Text>{{"c", "4"}});

  EXPECT_THAT(listed(store.all()), ElementsAre("a=3", "b=2", "c=4"));
}

TEST_F(KeyValueStores, ExtractRemovesAndReturnsWhatWasThere) {
  auto store = open_plain();
  store.put("a", "1");

  EXPECT_EQ(store.extract("a"), "1");
  EXPECT_EQ(store.extract("a"), std::nullopt);
}

TEST_F(KeyValueStores, GetFillsAValueOfTheCallersOnlyIfThereIsOne) {
  auto store = open_plain();
  store.put("a", "1");
  Text value = "old";

  EXPECT_FALSE(store.get("b", value));
  EXPECT_EQ(value, "old");
  EXPECT_TRUE(store.get("a", value));
  EXPECT_EQ(value, "1");
}

TEST_F(KeyValueStores, RangesHaveBothEndsAndFollowTheBytesOfTheKeys) {
  auto store = open_plain();
  for (const char* key : {"\xc3\xa9", "b", "ab", "a", "", "c"}) store.put(key, "1");
  commit();
  store.put("aa", "1");
  const Text a = "a";
  const Text b = "b";

  EXPECT_THAT(listed(store.range("a", "b")), ElementsAre("a=1", "aa=1", "ab=1", "b=1"));
  EXPECT_THAT(listed(store.reverse_range("a", "b")), ElementsAre("b=1", "ab=1", "aa=1", "a=1"));
  EXPECT_THAT(listed(store.range(nullptr, &a)), ElementsAre("=1", "a=1"));
  EXPECT_THAT(listed(store.range(&b, nullptr)), ElementsAre("b=1", "c=1", "\xc3\xa9=1"));
  EXPECT_THAT(listed(store.reverse_range(&b, nullptr)), ElementsAre("\xc3\xa9=1", "c=1", "b=1"));
  EXPECT_EQ(listed(store.all()).size(), 7U);
  EXPECT_THAT(listed(store.reverse_all()).back(), "=1");
}

TEST_F(KeyValueStores, ARangeThatEndsBeforeItBeginsIsEmpty) {
  auto store = open_plain();
  for (const char* key : {"a", "b", "c"}) store.put(key, "1");

  EXPECT_THAT(listed(store.range("c", "a")), IsEmpty());
  EXPECT_THAT(listed(store.reverse_range("c", "a")), IsEmpty());
  commit();
  EXPECT_THAT(listed(store.range("c", "a")), IsEmpty());
  EXPECT_THAT(listed(store.reverse_range("c", "a")), IsEmpty());
}

TEST_F(KeyValueStores, NumbersAboveZeroAreInTheirOrderAndNegativeOnesBehindThem) {
  open(in_memory_key_value_store<std::int64_t, Text>("st"));
  auto store = driver().key_value_store<std::int64_t, Text>("st");
  for (const std::int64_t key : {-1, 2, 300, 0}) store.put(key, "v");

  std::vector<std::int64_t> keys;
  for (const auto& [key, value] : store.all()) keys.push_back(key);

  EXPECT_THAT(keys, ElementsAre(0, 2, 300, -1));
}

TEST_F(KeyValueStores, APrefixScanGivesTheKeysThatStartWithThePrefix) {
  auto store = open_plain();
  for (const char* key : {"a", "ab", "b", "a\x7f", "a\x7f\x7f"}) store.put(key, "1");

  EXPECT_THAT(listed(store.prefix_scan(Text{"a"})),
              ElementsAre("a=1", "ab=1", "a\x7f=1", "a\x7f\x7f=1"));
  EXPECT_THAT(listed(store.prefix_scan(Bytes{std::string_view{"a\x7f"}})),
              ElementsAre("a\x7f=1", "a\x7f\x7f=1"));
}

TEST_F(KeyValueStores, TheNumberOfEntriesCountsWhatIsNotCommittedYet) {
  auto store = open_plain();

  store.put("a", "1");
  store.put("b", "1");

  EXPECT_EQ(store.approximate_num_entries(), 2U);
}

TEST_F(KeyValueStores, AChangelogRecordTakesItsTimeFromATimestampedValue) {
  auto store = open_timestamped({});

  store.put("a", {"1", at(7ms)});
  commit();

  EXPECT_EQ(store.get("a"), (ValueAndTimestamp<Text>{"1", at(7ms)}));
  const auto sent = driver().take_sent();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].topic, "app-st-changelog");
  EXPECT_EQ(sent[0].value->bytes().text(), "1");
  EXPECT_EQ(sent[0].timestamp, at(7ms));
}

TEST_F(KeyValueStores, HeadersAreKeptIfAskedFor) {
  const ValueAndTimestamp<Text> value{"1", at(7ms), Headers{{"h", std::nullopt}}};

  auto forgets = open_timestamped({});
  forgets.put("a", value);
  EXPECT_EQ(forgets.get("a"), (ValueAndTimestamp<Text>{"1", at(7ms)}));

  auto keeps = open_timestamped({.headers = true});
  keeps.put("a", value);
  EXPECT_EQ(keeps.get("a"), value);
  EXPECT_EQ(keeps.all()->value, value);
}

TEST_F(KeyValueStores, AnLruStoreForgetsTheEntryUsedLongestAgo) {
  open(lru_key_value_store<Text, Text>("st", 2));
  auto store = driver().key_value_store<Text, Text>("st");
  store.put("a", "1");
  store.put("b", "2");
  EXPECT_EQ(store.get("a"), "1");

  store.put("c", "3");

  EXPECT_THAT(listed(store.all()), ElementsAre("a=1", "c=3"));
}

TEST_F(KeyValueStores, AHandleThatWasNotOpenedSaysSo) {
  KeyValueStore<Text, Text> store;

  EXPECT_FALSE(store.is_open());
  EXPECT_THAT(thrown<StreamsError>([&] { static_cast<void>(store.get("a")); }),
              HasSubstr("open it in init()"));
}

}  // namespace
}  // namespace moldau::test
