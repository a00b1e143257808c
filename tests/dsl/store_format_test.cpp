// `dsl.store.format`: what tables keep, for the processors that open their stores.

#include "moldau/moldau.h"
#include "moldau/testing/topology_test_driver.h"

#include "base/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace moldau::test {
namespace {

using namespace std::chrono_literals;
using moldau::testing::RawTestRecord;
using moldau::testing::StoreEntry;
using moldau::testing::TopologyTestDriver;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Text = std::string;
using Count = std::int64_t;

const Headers from_a{{"from", ByteBuffer{Bytes{std::string_view{"a"}}}}};
const Headers by_hand{{"by", ByteBuffer{Bytes{std::string_view{"hand"}}}}};

class StoreFormat : public ::testing::Test {
 protected:
  static Config config(DslStoreFormat format, std::size_t cache_bytes = 0) {
    Config config{.application_id = "app"};
    config.semantics = Semantics::kafka_streams_4_3;
    config.dsl_store_format = format;
    config.statestore_cache_max_bytes = cache_bytes;
    return config;
  }
  TopologyTestDriver& run(const Config& with, bool on_disk = false) {
    driver_.reset();
    driver_.emplace(builder.build(), with,
                    moldau::testing::TestDriverOptions{
                        .state_dir = on_disk ? std::optional{folder_.path()} : std::nullopt});
    return *driver_;
  }
  void pipe(const Text& key, const std::optional<Text>& value, std::chrono::milliseconds time,
            const Headers& headers) {
    driver_->input_topic<Text, Text>("in").pipe({key, value, Timestamp{time}, headers});
  }
  // The headers of each record sent to the topic since the last call.
  std::vector<Headers> sent_headers(const Text& topic) {
    std::vector<Headers> all;
    for (const RawTestRecord& record : driver_->take_sent()) {
      if (record.topic == topic) all.push_back(record.headers);
    }
    return all;
  }
  TopologyTestDriver& driver() { return *driver_; }

  StreamsBuilder builder;

 private:
  TemporaryFolder folder_;
  std::optional<TopologyTestDriver> driver_;
};

TEST_F(StoreFormat, ATableWritesNoHeadersIntoItsRows) {
  builder.table<Text, Text>("in", {}, {.name = "t"}).to_stream().to("out");
  run(config(DslStoreFormat::headers));

  pipe("k", "v", 5ms, from_a);

  EXPECT_THAT(sent_headers("app-t-changelog"), ElementsAre(no_headers()));
  const auto row = driver().timestamped_key_value_store<Text, Text>("t").get("k");
  EXPECT_EQ(row, (ValueAndTimestamp<Text>{"v", Timestamp{5}, {}}));
}

TEST_F(StoreFormat, HeadersOnRowsAreKeptAndInTheChangelog) {
  builder.table<Text, Text>("in", {}, {.name = "t"}).to_stream().to("out");
  run(config(DslStoreFormat::headers));
  auto rows = driver().timestamped_key_value_store<Text, Text>("t");

  rows.put("k", {"v", Timestamp{5}, by_hand});

  EXPECT_EQ(rows.get("k"), (ValueAndTimestamp<Text>{"v", Timestamp{5}, by_hand}));
  EXPECT_EQ(driver().store("t").front().headers, by_hand);
  pipe("other", "v", 6ms, {});
  EXPECT_THAT(sent_headers("app-t-changelog"), ElementsAre(by_hand, no_headers()));
}

TEST_F(StoreFormat, WithoutTheFormatTheyAreForgotten) {
  builder.table<Text, Text>("in", {}, {.name = "t"}).to_stream().to("out");
  run(config(DslStoreFormat::without_headers));
  auto rows = driver().timestamped_key_value_store<Text, Text>("t");

  rows.put("k", {"v", Timestamp{5}, by_hand});

  EXPECT_EQ(rows.get("k"), (ValueAndTimestamp<Text>{"v", Timestamp{5}, {}}));
}

TEST_F(StoreFormat, TablesInMemoryKeepNone) {
  builder.table<Text, Text>("in", {}, {.name = "t", .type = StoreType::in_memory})
      .to_stream()
      .to("out");
  run(config(DslStoreFormat::headers));
  auto rows = driver().timestamped_key_value_store<Text, Text>("t");

  rows.put("k", {"v", Timestamp{5}, by_hand});
  pipe("k", std::nullopt, 6ms, from_a);

  EXPECT_THAT(sent_headers("app-t-changelog"), ElementsAre(no_headers(), no_headers()));
}

TEST_F(StoreFormat, ATableReadsRowsThatHaveHeaders) {
  builder.table<Text, Text>("in", {}, {.name = "t"})
      .group_by([](const Text& v) {
        return KeyValue{v, v};
      })
      .count()
      .to_stream()
      .to("out");
  run(config(DslStoreFormat::headers));
  driver().timestamped_key_value_store<Text, Text>("t").put("k",
                                                            {"long old", Timestamp{5}, by_hand});

  pipe("k", "new", 6ms, {});

  const auto counts = driver().output_topic<Text, Count>("out").read_key_values();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].first, "long old");
  EXPECT_EQ(counts[1].first, "new");
}

TEST_F(StoreFormat, AggregationsReadRowsThatHaveHeaders) {
  const auto grouped = builder.stream<Text, Text>("in").group_by_key();
  grouped.windowed_by(TimeWindows{.size = 100ms}).count({.name = "tumbling"});
  grouped.windowed_by(SlidingWindows{.time_difference = 10ms}).count({.name = "sliding"});
  grouped.windowed_by(SessionWindows{.inactivity_gap = 10ms}).count({.name = "sessions"});
  run(config(DslStoreFormat::headers));
  const Timestamp five{5ms};
  driver()
      .timestamped_window_store<Text, Count>("tumbling")
      .put("k", {10, five, by_hand}, Timestamp{0});
  driver().timestamped_window_store<Text, Count>("sliding").put("k", {10, five, by_hand},
                                                                Timestamp{0});
  driver()
      .session_store_with_headers<Text, Count>("sessions")
      .put({"k", {five, five}}, {10, by_hand});

  pipe("k", "v", 6ms, from_a);

  auto windows = driver().timestamped_window_store<Text, Count>("tumbling");
  EXPECT_EQ(windows.fetch("k", Timestamp{0}), (ValueAndTimestamp<Count>{11, Timestamp{6}, {}}));
  windows = driver().timestamped_window_store<Text, Count>("sliding");
  EXPECT_EQ(windows.fetch("k", Timestamp{0}), (ValueAndTimestamp<Count>{11, Timestamp{6}, {}}));
  auto sessions = driver().session_store_with_headers<Text, Count>("sessions");
  EXPECT_EQ(sessions.fetch_session("k", five, Timestamp{6}), (ValueAndHeaders<Count>{11, {}}));
}

TEST_F(StoreFormat, ASessionThatACacheHeldBackHasTheHeadersOfItsRow) {
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 10ms})
      .count({.name = "s"})
      .to_stream()
      .to("out");

  run(config(DslStoreFormat::without_headers, 1U << 20));
  pipe("k", "v", 5ms, from_a);
  EXPECT_THAT(sent_headers("out"), ElementsAre(from_a));

  run(config(DslStoreFormat::headers, 1U << 20));
  pipe("k", "v", 5ms, from_a);
  EXPECT_THAT(sent_headers("out"), ElementsAre(no_headers()));
}

TEST_F(StoreFormat, ASessionStoreIsOpenedWithAndWithoutItsHeaders) {
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 10ms})
      .count({.name = "s"});
  run(config(DslStoreFormat::headers));
  const Windowed<Text> session{"k", {Timestamp{1}, Timestamp{2}}};
  auto with = driver().session_store_with_headers<Text, Count>("s");
  auto without = driver().session_store<Text, Count>("s");

  with.put(session, {7, by_hand});
  EXPECT_EQ(without.fetch_session("k", Timestamp{1}, Timestamp{2}), 7);
  EXPECT_EQ(with.fetch_session("k", Timestamp{1}, Timestamp{2}),
            (ValueAndHeaders<Count>{7, by_hand}));

  without.put(session, 8);
  EXPECT_EQ(with.fetch_session("k", Timestamp{1}, Timestamp{2}), (ValueAndHeaders<Count>{8, {}}));
}

TEST_F(StoreFormat, AStoreOnDiskIsEmptiedWhenItsFormatChanges) {
  builder.table<Text, Text>("in", {}, {.name = "t"}).to_stream().to("out");
  run(config(DslStoreFormat::without_headers), true);
  pipe("k", "v", 5ms, {});
  run(config(DslStoreFormat::without_headers), true);
  EXPECT_EQ(driver().store("t").size(), 1U);

  run(config(DslStoreFormat::headers), true);

  EXPECT_THAT(driver().store("t"), IsEmpty());
  EXPECT_EQ(driver().metric("store-wipes-total"), 1);
  pipe("k", "w", 6ms, {});
  run(config(DslStoreFormat::headers), true);
  EXPECT_EQ(driver().store("t").size(), 1U);
}

}  // namespace
}  // namespace moldau::test
