#include "moldau/state/value_layout.h"

#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::state {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

RawRecord changelog_record(std::string_view key, std::optional<std::string_view> value,
                           std::int64_t time, std::int64_t offset = 0) {
  return {.key = bytes(key),
          .value = value ? std::optional{bytes(*value)} : std::nullopt,
          .timestamp = Timestamp{time},
          .offset = Offset{offset}};
}

class Restore : public ::testing::TestWithParam<StoreType> {
 protected:
  std::unique_ptr<KeyValueBytesStore> open(ValueLayout layout) {
    return bench_.open({.name = "s", .type = GetParam(), .layout = layout});
  }
  static Entries all(KeyValueBytesStore& store) {
    return read_all(store.range(ByteRange::all(), Direction::forward));
  }
  StoreBench bench_;
};

TEST_P(Restore, PutsTheTimeOfTheRecordBeforeTheValue) {
  const auto store = open(ValueLayout::timestamped);

  store->restore(std::vector{changelog_record("a", "1", 10), changelog_record("b", "", 20)},
                 position(2));

  EXPECT_THAT(all(*store), ElementsAre(Pair("a", row(10, "1")), Pair("b", row(20, ""))));
  EXPECT_EQ(store->committed_position(), position(2));
}

TEST_P(Restore, KeepsPlainValuesAsTheyAre) {
  const auto store = open(ValueLayout::plain);

  store->restore(std::vector{changelog_record("a", "1", 10)}, position(1));

  EXPECT_THAT(all(*store), ElementsAre(Pair("a", "1")));
}

TEST_P(Restore, KeepsTheHeadersOfTheRecordIfTheStoreKeepsSome) {
  const Headers headers{{"h", ByteBuffer{bytes("1")}}};
  for (const ValueLayout layout : {ValueLayout::headers, ValueLayout::headers_untimed}) {
    const auto store = bench_.open({.name = layout == ValueLayout::headers ? "timed" : "untimed",
                                    .type = GetParam(),
                                    .layout = layout});
    RawRecord record = changelog_record("a", "1", 10);
    record.headers = &headers;
    ByteBuffer expected;
    append_stored(layout, bytes("1"), Timestamp{10}, headers, expected);

    store->restore(std::vector{record}, position(1));

    EXPECT_THAT(all(*store), ElementsAre(Pair("a", std::string{expected.bytes().text()})));
  }
}

TEST_P(Restore, OfANullDeletes) {
  const auto store = open(ValueLayout::plain);
  store->restore(std::vector{changelog_record("a", "1", 10), changelog_record("b", "1", 10)},
                 position(2));

  store->restore(
      std::vector{changelog_record("a", std::nullopt, 11), changelog_record("b", "2", 11)},
      position(4));

  EXPECT_THAT(all(*store), ElementsAre(Pair("b", "2")));
}

TEST_P(Restore, OfTheSameRecordsTwiceDoesNoHarm) {
  const auto store = open(ValueLayout::timestamped);
  const std::vector records{changelog_record("a", "1", 10), changelog_record("a", "2", 11),
                            changelog_record("b", "1", 12),
                            changelog_record("b", std::nullopt, 13)};
  store->restore(records, position(4));

  store->restore(records, position(4));

  EXPECT_THAT(all(*store), ElementsAre(Pair("a", row(11, "2"))));
}

TEST_P(Restore, ShowsToReadsThatHadAskedBefore) {
  const auto store = open(ValueLayout::plain);
  EXPECT_EQ(get(*store, "a"), std::nullopt);
  store->restore(std::vector{changelog_record("a", "1", 10)}, position(1));
  EXPECT_EQ(get(*store, "a"), "1");

  store->restore(std::vector{changelog_record("a", "2", 10)}, position(2));

  EXPECT_EQ(get(*store, "a"), "2");
}

TEST_P(Restore, IsNotUndoneByARollback) {
  const auto store = open(ValueLayout::plain);
  store->restore(std::vector{changelog_record("a", "1", 10)}, position(1));

  store->rollback();

  EXPECT_EQ(get(*store, "a"), "1");
}

TEST_P(Restore, WritesNoChangelog) {
  const auto store = open(ValueLayout::plain);
  store->restore(std::vector{changelog_record("a", "1", 10)}, position(1));

  EXPECT_THAT(bench_.sink.sent, IsEmpty());
}

TEST_P(Restore, OfARecordWithoutKeyNamesStoreAndOffsetAndAppliesNothing) {
  const auto store = open(ValueLayout::plain);
  RawRecord keyless = changelog_record("", "1", 10, 4711);
  keyless.key.reset();

  try {
    store->restore(std::vector{changelog_record("a", "1", 10), keyless}, position(2));
    FAIL() << "it was accepted";
  } catch (const StateStoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("store \"s\""));
    EXPECT_THAT(error.what(), HasSubstr("4711"));
  }
  EXPECT_THAT(all(*store), IsEmpty());
  EXPECT_EQ(store->committed_position(), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Kinds, Restore,
                         ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                         [](const auto& kind) {
                           return kind.param == StoreType::in_memory ? "Memory" : "RocksDb";
                         });

}  // namespace
}  // namespace moldau::state
