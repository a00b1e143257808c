// Standby copies of stores, on the embedded broker: each instance has a state folder of its own.

#include "moldau/base/murmur2.h"

#include "streams/embedded_application.h"
#include "streams/readings.h"

#include <string>
#include <vector>

namespace moldau {
namespace {

using Text = std::string;

class Standbys : public EmbeddedApplication {
 protected:
  Standbys() : EmbeddedApplication({.standby_replicas = 1}) {}

  void make_topics(std::int32_t partitions) {
    broker_.create_topic("in", partitions);
    broker_.create_topic("out", partitions);
  }
  [[nodiscard]] static Topology count(StoreType type = StoreType::rocksdb) {
    StreamsBuilder builder;
    builder.stream<Text, Text>("in")
        .group_by_key()
        .count({.name = "counts", .type = type})
        .to_stream()
        .to("out");
    return builder.build();
  }
  // An instance with a state folder of its own.
  [[nodiscard]] std::unique_ptr<Streams> start_on(const Text& machine, Topology topology,
                                                  Readings& readings, Config config) {
    config.state_dir = folder_.path() / machine;
    auto streams = make(std::move(topology), std::move(config));
    streams->set_restore_listener(&readings);
    streams->set_standby_listener(&readings);
    streams->start();
    return streams;
  }
  [[nodiscard]] std::unique_ptr<Streams> start_on(const Text& machine, Topology topology,
                                                  Readings& readings) {
    return start_on(machine, std::move(topology), readings, config());
  }

  void takes_over(StoreType type);

  // One record of each of so many keys.
  void produce(int keys) {
    for (int i = 0; i < keys; ++i) broker_.produce<Text, Text>("in", key(i), "x");
  }
  [[nodiscard]] bool counted(int keys, std::int64_t times) {
    return eventually(patience, [&] {
      const auto counts = latest<std::int64_t>("out");
      for (int i = 0; i < keys; ++i) {
        const auto found = counts.find(key(i));
        if (found == counts.end() || found->second != times) return false;
      }
      return true;
    });
  }
  [[nodiscard]] static Text key(int number) { return "k" + std::to_string(number); }
};

// The count of its input is 1 before and 2 after the instance that ran the task has closed.
void Standbys::takes_over(StoreType type) {
  make_topics(1);
  Readings first;
  Readings second;
  const auto active = start_on("a", count(type), first);
  ASSERT_TRUE(reaches(*active, StreamsState::running));
  produce(40);
  ASSERT_TRUE(counted(40, 1));
  const auto standby = start_on("b", count(type), second);
  ASSERT_TRUE(eventually(patience, [&] { return second.loaded() == 40; })) << second.loaded();

  active->close();
  produce(40);

  EXPECT_TRUE(counted(40, 2));
  EXPECT_EQ(second.restored(), 0U);
  EXPECT_TRUE(eventually(
      patience, [&] { return second.suspended() == std::vector{StandbySuspended::promoted}; }));
}

TEST_P(Standbys, TakeOverAStoreOnDiskWithoutReadingItAgain) { takes_over(StoreType::rocksdb); }

TEST_P(Standbys, TakeOverAStoreInMemoryWithoutReadingItAgain) { takes_over(StoreType::in_memory); }

TEST_P(Standbys, FollowATaskThatHasMovedAwayFromItsLastCommit) {
  make_topics(2);
  Readings first;
  Readings second;
  const auto stays = start_on("a", count(), first);
  ASSERT_TRUE(reaches(*stays, StreamsState::running));
  produce(40);
  ASSERT_TRUE(counted(40, 1));
  const auto joins = start_on("b", count(), second);
  ASSERT_TRUE(eventually(patience, [&] { return first.begun().size() == 1; }));
  const std::int32_t moved = first.begun().begin()->first;
  std::uint64_t rows = 0;
  for (int i = 0; i < 40; ++i) {
    const Text name = key(i);
    if (partition_for_key(Bytes{name}, 2) == PartitionId{moved}) ++rows;
  }
  ASSERT_TRUE(eventually(patience, [&] { return second.restored(moved) == rows; }));

  produce(40);

  ASSERT_TRUE(counted(40, 2));
  EXPECT_TRUE(eventually(patience, [&] { return first.loaded(moved) == rows; }))
      << first.loaded(moved) << " instead of " << rows;
}

TEST_P(Standbys, GoOnFromWhatIsOnTheirDisk) {
  make_topics(1);
  Readings ignored;
  const auto active = start_on("a", count(), ignored);
  ASSERT_TRUE(reaches(*active, StreamsState::running));
  produce(40);
  ASSERT_TRUE(counted(40, 1));
  {
    Readings before;
    const auto standby = start_on("b", count(), before);
    ASSERT_TRUE(eventually(patience, [&] { return before.loaded() == 40; }));
    standby->close();
    EXPECT_EQ(before.suspended(), std::vector{StandbySuspended::migrated});
  }
  produce(7);
  ASSERT_TRUE(counted(7, 2));

  Readings after;
  const auto standby = start_on("b", count(), after);

  EXPECT_TRUE(eventually(patience, [&] { return after.loaded() == 7; })) << after.loaded();
  EXPECT_GE(after.begun().at(0), Offset{40});
}

TEST_P(Standbys, MoveBetweenThreadsOfAProcessWithoutReadingAgain) {
  make_topics(4);
  Readings first;
  Readings second;
  Config two_threads = config();
  two_threads.num_stream_threads = 2;
  const auto active = start_on("a", count(), first);
  ASSERT_TRUE(reaches(*active, StreamsState::running));
  produce(40);
  ASSERT_TRUE(counted(40, 1));
  const auto standby = start_on("b", count(), second, two_threads);
  // All that the first instance has is the other one's too, as active or as standby.
  ASSERT_TRUE(eventually(patience, [&] {
    std::uint64_t rows = 0;
    for (int partition = 0; partition < 4; ++partition) {
      rows += second.loaded(partition) + second.restored(partition);
    }
    return rows == 40;
  }));
  std::uint64_t restored_before = 0;
  for (int partition = 0; partition < 4; ++partition) {
    restored_before += second.restored(partition);
  }

  active->close();
  produce(40);

  EXPECT_TRUE(counted(40, 2));
  std::uint64_t restored = 0;
  for (int partition = 0; partition < 4; ++partition) restored += second.restored(partition);
  EXPECT_EQ(restored, restored_before);
}

TEST_P(Standbys, WaitWhileTheApplicationIsPaused) {
  make_topics(1);
  Readings ignored;
  Readings readings;
  const auto active = start_on("a", count(), ignored);
  ASSERT_TRUE(reaches(*active, StreamsState::running));
  const auto standby = start_on("b", count(), readings);
  produce(10);
  ASSERT_TRUE(eventually(patience, [&] { return readings.loaded() == 10; }));
  standby->pause();
  // What is being read when it is paused may still come.
  produce(10);
  ASSERT_TRUE(counted(10, 2));

  standby->resume();

  EXPECT_TRUE(eventually(patience, [&] { return readings.loaded() == 20; }));
}

TEST_P(Standbys, OfAnInputDoNotRunAheadOfTheTask) {
  broker_.create_topic("rows", 1);
  broker_.create_topic("changes", 1);
  Config rewriting = config();
  rewriting.set("topology.optimization", "reuse.ktable.source.topics");
  StreamsBuilder builder;
  builder.table<Text, Text>("rows", {}, {.name = "rows"})
      .map_values([](const Text& v) { return v; }, Materialized<Text, Text>{.name = "copies"})
      .group_by(
          [](const Text& k, const Text& v) {
            return KeyValue<Text, Text>{k, v};
          },
          {.name = "g"})
      .aggregate([] { return Text{}; },
                 [](const Text& all, const Text& v) { return all + "+" + v; },
                 [](const Text& all, const Text& v) { return all + "-" + v; }, {.name = "changes"})
      .to_stream()
      .to("changes");
  const Topology topology = builder.build(rewriting.topology);
  Readings ignored;
  Readings readings;
  const auto active = start_on("a", topology, ignored, rewriting);
  ASSERT_TRUE(reaches(*active, StreamsState::running));
  broker_.produce<Text, Text>("rows", "k", "1");
  const auto changes = [&](const Text& expected) {
    return eventually(patience, [&] { return latest<Text>("changes")["k"] == expected; });
  };
  ASSERT_TRUE(changes("+1"));
  const auto standby = start_on("b", topology, readings, rewriting);
  ASSERT_TRUE(reaches(*standby, StreamsState::running));
  // A row of the table, which is its input, and one of its copy. (A group keeps no standby of a
  // task that has nothing but an input.)
  ASSERT_TRUE(eventually(patience, [&] { return readings.loaded() == 2; }));
  active->pause();
  standby->pause();
  broker_.produce<Text, Text>("rows", "k", "2");

  standby->resume();
  active->close();

  EXPECT_TRUE(changes("+1-1+2")) << latest<Text>("changes")["k"];
}

INSTANTIATE_TEST_SUITE_P(Guarantees, Standbys, both_guarantees(), name_of_guarantee);

}  // namespace
}  // namespace moldau
