#include "moldau/state/value_layout.h"

#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::state {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

StoreSpec spec(ValueLayout layout) {
  return {.name = "s", .type = StoreType::in_memory, .layout = layout, .caching = false};
}

TEST(Changelog, OfATimestampedStoreHasTheValueWithoutItsTime) {
  StoreBench bench;
  const auto store = bench.open(spec(ValueLayout::timestamped));

  put(*store, "k", row(1000, "v"), at(5));
  put(*store, "empty", row(1001, ""), at(5));

  EXPECT_THAT(bench.sink.sent, ElementsAre(Sent{"k", "v", 1000}, Sent{"empty", "", 1001}));
}

TEST(Changelog, OfAPlainStoreHasTheTimeOfTheRecordBeingProcessed) {
  StoreBench bench;
  const auto store = bench.open(spec(ValueLayout::plain));

  put(*store, "k", "value", at(5));

  EXPECT_THAT(bench.sink.sent, ElementsAre(Sent{"k", "value", 5}));
}

TEST(Changelog, OfADeletionIsANullAtTheTimeOfTheRecordBeingProcessed) {
  StoreBench bench;
  const auto store = bench.open(spec(ValueLayout::timestamped));

  erase(*store, "k", at(77));

  EXPECT_THAT(bench.sink.sent, ElementsAre(Sent{"k", std::nullopt, 77}));
}

TEST(Changelog, GoesToThePartitionOfTheTaskWithoutHeaders) {
  StoreBench bench;
  const auto store = bench.open(spec(ValueLayout::plain));
  const Headers headers{{"h", ByteBuffer{bytes("1")}}};

  store->put(bytes("k"), bytes("v"), {.timestamp = Timestamp{1}, .headers = &headers});

  EXPECT_EQ(bench.sink.headers, 0U);
  EXPECT_THAT(bench.sink.record_partitions, ElementsAre(PartitionId{3}));
  EXPECT_THAT(bench.sink.topics, Each(TopicHandle{7}));
}

TEST(Changelog, HasTheHeadersOfTheRecordBeingProcessedIfTheStoreSaysSo) {
  StoreBench bench;
  StoreSpec with_headers = spec(ValueLayout::plain);
  with_headers.changelog_headers = true;
  const auto store = bench.open(with_headers);
  const Headers headers{{"h", ByteBuffer{bytes("1")}}};

  store->put(bytes("k"), bytes("v"), {.timestamp = Timestamp{1}, .headers = &headers});
  store->put(bytes("k"), std::nullopt, {.timestamp = Timestamp{2}, .headers = &headers});

  EXPECT_EQ(bench.sink.headers, 2U);
}

TEST(Changelog, OfAStoreThatKeepsHeadersHasThoseOfTheValueAndOfWhatDeletesIt) {
  for (const ValueLayout layout : {ValueLayout::headers, ValueLayout::headers_untimed}) {
    StoreBench bench;
    const auto store = bench.open(spec(layout));
    const Headers kept{{"a", ByteBuffer{bytes("1")}}, {"b", std::nullopt}};
    const Headers current{{"h", ByteBuffer{bytes("1")}}};
    ByteBuffer value;
    append_stored(layout, bytes("v"), Timestamp{10}, kept, value);

    store->put(bytes("k"), value.bytes(), {.timestamp = Timestamp{10}, .headers = &current});
    EXPECT_EQ(bench.sink.headers, 2U);
    store->put(bytes("k"), std::nullopt, {.timestamp = Timestamp{11}, .headers = &current});
    EXPECT_EQ(bench.sink.headers, 3U);

    EXPECT_THAT(bench.sink.sent, ElementsAre(Sent{"k", "v", 10}, Sent{"k", std::nullopt, 11}));
  }
}

TEST(Changelog, HasEachUpdateOfAKey) {
  StoreBench bench;
  const auto store = bench.open(spec(ValueLayout::plain));

  put(*store, "k", "1", at(1));
  put(*store, "k", "1", at(2));
  store->commit(std::nullopt);

  EXPECT_THAT(bench.sink.sent, ElementsAre(Sent{"k", "1", 1}, Sent{"k", "1", 2}));
}

TEST(Changelog, IsNotWrittenByAStoreWithoutLogging) {
  StoreBench bench;
  StoreSpec silent = spec(ValueLayout::plain);
  silent.logging = false;
  const auto store = bench.open(silent);

  put(*store, "k", "1");
  store->commit(std::nullopt);

  EXPECT_THAT(bench.sink.sent, IsEmpty());
}

TEST(Changelog, ARowTooShortForItsTimeIsRefusedBeforeItIsStored) {
  StoreBench bench;
  const auto store = bench.open(spec(ValueLayout::timestamped));

  EXPECT_THROW(put(*store, "k", "short"), StateStoreError);

  EXPECT_EQ(get(*store, "k"), std::nullopt);
  EXPECT_THAT(bench.sink.sent, IsEmpty());
}

}  // namespace
}  // namespace moldau::state
