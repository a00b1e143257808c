#include "robustness/store_check.h"

#include <gmock/gmock.h>

#include <sstream>

namespace robustness {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string time_1{"\0\0\0\0\0\0\0\1", 8};
const std::string time_2{"\0\0\0\0\0\0\0\2", 8};

// "a" becomes x, then y; "b" comes and goes.
std::vector<ChangelogRecord> changelog() {
  return {{.offset = 0, .timestamp = 1, .key = "a", .value = "x"},
          {.offset = 1, .timestamp = 1, .key = "b", .value = "x"},
          {.offset = 3, .timestamp = 2, .key = "a", .value = "y"},
          {.offset = 4, .timestamp = 2, .key = "b", .value = std::nullopt}};
}

DumpedStore store(std::int64_t position, std::map<std::string, std::string> entries) {
  return {.task = "1_0",
          .partition = 0,
          .position = position,
          .folder = "folder",
          .entries = std::move(entries)};
}

TEST(CompareStores, AStoreThatEqualsItsChangelogIsFine) {
  EXPECT_THAT(compare_stores(0, changelog(), {store(6, {{"a", time_2 + "y"}})}), IsEmpty());
}

TEST(CompareStores, AnOlderStoreOfATaskThatHasMovedIsComparedUpToItsPosition) {
  EXPECT_THAT(compare_stores(0, changelog(),
                             {store(6, {{"a", time_2 + "y"}}),
                              store(2, {{"a", time_1 + "x"}, {"b", time_1 + "x"}})}),
              IsEmpty());
}

TEST(CompareStores, WithACompactedChangelogOnlyTheNewestStoreIsCompared) {
  std::vector<ChangelogRecord> compacted = changelog();
  compacted.erase(compacted.begin(), compacted.begin() + 2);
  const DumpedStore older = store(2, {{"a", time_1 + "x"}, {"b", time_1 + "x"}});

  EXPECT_THAT(
      compare_stores(0, compacted, {store(6, {{"a", time_2 + "y"}}), older}, Changelogs::compacted),
      IsEmpty());
  EXPECT_THAT(
      compare_stores(0, compacted, {store(6, {{"b", time_1 + "x"}}), older}, Changelogs::compacted),
      ElementsAre(HasSubstr("lacks \"a\"")));
}

TEST(CompareStores, AWriteThatTheChangelogDoesNotHaveIsFound) {
  EXPECT_THAT(
      compare_stores(0, changelog(), {store(6, {{"a", time_2 + "y"}, {"c", time_2 + "z"}})}),
      ElementsAre(HasSubstr("holds \"c\"")));
}

TEST(CompareStores, AMissingRowIsFound) {
  EXPECT_THAT(compare_stores(0, changelog(), {store(6, {})}),
              ElementsAre(HasSubstr("lacks \"a\"")));
}

TEST(CompareStores, AnotherValueOrTimeIsFound) {
  EXPECT_THAT(compare_stores(0, changelog(), {store(6, {{"a", time_1 + "y"}})}),
              ElementsAre(HasSubstr("another value")));
}

TEST(CompareStores, WithoutAStoreThatIsUpToDateSomethingIsWrong) {
  EXPECT_THAT(
      compare_stores(0, changelog(), {store(4, {{"a", time_2 + "y"}, {"b", time_1 + "x"}})}),
      ElementsAre(HasSubstr("up to date")));
}

TEST(ReadDump, TakesWhatStoreDumpPrints) {
  std::istringstream text{"store 1_3 17 /state/x\nentry 61 00ff\n"};

  const std::vector<DumpedStore> stores = read_dump(text);

  ASSERT_EQ(stores.size(), 1U);
  EXPECT_EQ(stores[0].partition, 3);
  EXPECT_EQ(stores[0].position, 17);
  EXPECT_EQ(stores[0].entries.at("a"), std::string("\0\xff", 2));
}

}  // namespace
}  // namespace robustness
