// Applications whose topology was rewritten, on the embedded broker.

#include "moldau/state/restore_listener.h"

#include "streams/embedded_application.h"

#include <atomic>
#include <string>
#include <string_view>

namespace moldau {
namespace {

using Text = std::string;
using Texts = std::map<Text, Text>;
using Counts = std::map<Text, std::int64_t>;

// Counts what is read from the table's topic to restore it.
class RestoredRecords final : public StateRestoreListener {
 public:
  void on_restore_start(const TopicPartition&, std::string_view, Offset, Offset) override {}
  void on_batch_restored(const TopicPartition& changelog, std::string_view, Offset,
                         std::uint64_t records) override {
    if (changelog.topic == "t") count_ += records;
  }
  void on_restore_end(const TopicPartition&, std::string_view, std::uint64_t) override {}
  void on_restore_suspended(const TopicPartition&, std::string_view, std::uint64_t) override {}

  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  std::atomic<std::uint64_t> count_{0};
};

// A stream joined with a table whose topic is its changelog.
class ReusedSourceTopic : public EmbeddedApplication {
 protected:
  ReusedSourceTopic() {
    broker_.create_topic("t", 2);  // not compacted: it takes records without a key
    broker_.create_topic("s", 2);
    broker_.create_topic("joined", 2);
    broker_.create_topic("changes", 2);
  }

  [[nodiscard]] Config rewriting() const {
    Config config = this->config();
    config.set("topology.optimization", "reuse.ktable.source.topics");
    return config;
  }

  static Topology joined(const Config& config, StoreType type) {
    StreamsBuilder builder;
    const auto table = builder.table<Text, Text>("t", {}, {.name = "rows", .type = type});
    // The value before and the one now, which is what a store that runs ahead would spoil.
    table
        .group_by(
            [](const Text& k, const Text& v) {
              return KeyValue<Text, Text>{k, v};
            },
            {.name = "g"})
        .aggregate(
            [] { return Text{}; }, [](const Text& all, const Text& v) { return all + "+" + v; },
            [](const Text& all, const Text& v) { return all + "-" + v; }, {.name = "changes"})
        .to_stream()
        .to("changes");
    builder.stream<Text, Text>("s")
        .join(table, [](const Text& x, const Text& row) { return x + row; })
        .to("joined");
    return builder.build(config.topology);
  }

  void row(const Text& key, std::optional<Text> value) {
    broker_.produce<Text, Text>("t", key, std::move(value));
  }
  void ask(const Text& key) { broker_.produce<Text, Text>("s", key, "?"); }
  [[nodiscard]] bool answered(const Texts& expected) {
    return eventually(patience, [&] { return latest<Text>("joined") == expected; });
  }
  [[nodiscard]] bool has_read_rows() {
    return eventually(patience, [&] { return broker_.caught_up("app", "t"); });
  }

  [[nodiscard]] std::unique_ptr<Streams> start_with(StateRestoreListener& listener,
                                                    StoreType type = StoreType::rocksdb) {
    const Config config = rewriting();
    auto streams = make(joined(config, type), config);
    streams->set_restore_listener(&listener);
    streams->start();
    return streams;
  }
};

TEST_P(ReusedSourceTopic, RestoresTheTableWithoutAChangelogTopic) {
  for (const char* key : {"a", "b", "c", "d"}) row(key, key);
  row("d", std::nullopt);
  broker_.produce<Text, Text>("t", std::nullopt, "without a key");
  RestoredRecords nothing;
  {
    const auto first = start_with(nothing);
    ASSERT_TRUE(has_read_rows());
  }
  EXPECT_EQ(nothing.count(), 0U);
  EXPECT_EQ(broker_.partitions("app-rows-changelog"), std::nullopt);
  std::filesystem::remove_all(folder_.path() / "state");

  RestoredRecords restored;
  const auto streams = start_with(restored);
  for (const char* key : {"a", "b", "c", "d"}) ask(key);

  EXPECT_TRUE(answered({{"a", "?a"}, {"b", "?b"}, {"c", "?c"}}));
  EXPECT_EQ(restored.count(), 5U);
  EXPECT_EQ(broker_.partitions("app-rows-changelog"), std::nullopt);
}

// What was written to the topic meanwhile is news: it must come to the store as such.
TEST_P(ReusedSourceTopic, IsRestoredUpToWhatWasProcessed) {
  row("a", "1");
  RestoredRecords nothing;
  {
    const auto first = start_with(nothing, StoreType::in_memory);
    ASSERT_TRUE(has_read_rows());
    ASSERT_TRUE(eventually(patience, [&] {
      return latest<Text>("changes") == Texts{{"a", "+1"}};
    }));
  }
  row("a", "2");

  RestoredRecords restored;
  const auto streams = start_with(restored, StoreType::in_memory);

  EXPECT_TRUE(eventually(patience, [&] {
    return latest<Text>("changes") == Texts{{"a", "+1-1+2"}};
  })) << latest<Text>("changes")["a"];
}

TEST_P(ReusedSourceTopic, IsNotReadAgainForAStoreThatIsUpToDate) {
  for (const char* key : {"a", "b", "c"}) row(key, key);
  RestoredRecords nothing;
  {
    const auto first = start_with(nothing);
    ASSERT_TRUE(has_read_rows());
  }

  const auto streams = start_with(nothing);
  ask("b");

  EXPECT_TRUE(answered({{"b", "?b"}}));
  EXPECT_EQ(nothing.count(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Guarantees, ReusedSourceTopic, both_guarantees(), name_of_guarantee);

class MergedRepartitionTopic : public EmbeddedApplication {};

TEST_F(MergedRepartitionTopic, CountsEveryRecordInThePartitionOfItsNewKey) {
  for (const char* topic : {"in", "all", "long"}) broker_.create_topic(topic, 3);
  Config config = this->config();
  config.set("topology.optimization", "merge.repartition.topics");
  StreamsBuilder builder;
  const auto by_letter =
      builder.stream<Text, Text>("in").select_key([](const Text& v) { return v.substr(0, 1); });
  by_letter.group_by_key({.name = "one"}).count({.name = "all"}).to_stream().to("all");
  by_letter.filter([](const Text& v) { return v.size() > 1; })
      .group_by_key({.name = "two"})
      .count({.name = "long"})
      .to_stream()
      .to("long");
  Counts all;
  Counts longer;
  for (int i = 0; i < 60; ++i) {
    const Text value(static_cast<std::size_t>(1 + i % 2), static_cast<char>('a' + i % 5));
    broker_.produce<Text, Text>("in", "key" + std::to_string(i), value);
    ++all[value.substr(0, 1)];
    if (value.size() > 1) ++longer[value.substr(0, 1)];
  }

  const auto streams = start(builder.build(config.topology), config);

  EXPECT_TRUE(eventually(patience, [&] {
    return latest<std::int64_t>("all") == all && latest<std::int64_t>("long") == longer;
  }));
  EXPECT_EQ(broker_.partitions("app-one-repartition"), 3);
  EXPECT_EQ(broker_.partitions("app-two-repartition"), std::nullopt);
}

}  // namespace
}  // namespace moldau
