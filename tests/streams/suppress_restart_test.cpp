// What suppress() holds back when its application stops is in the changelog, and comes out once,
// whoever goes on: after a stop in order, and after one that commits nothing.

#include "robustness/forwarding_producer.h"
#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <stdexcept>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Text = std::string;

// Producers that break as soon as all that was sent is written: what a commit is made of is with
// the broker then, except that it is one.
class BreakingClients final : public kafka::KafkaClients {
 public:
  explicit BreakingClients(kafka::KafkaClients& below) : below_(below) {}

  Result<std::unique_ptr<kafka::Consumer>> make_consumer(
      const kafka::ConsumerOptions& options) override {
    return below_.make_consumer(options);
  }
  Result<std::unique_ptr<kafka::Producer>> make_producer(
      const kafka::ProducerOptions& options) override {
    Result<std::unique_ptr<kafka::Producer>> made = below_.make_producer(options);
    if (!made) return made;
    return std::unique_ptr<kafka::Producer>{std::make_unique<Breaking>(std::move(*made))};
  }
  Result<std::unique_ptr<kafka::Admin>> make_admin(const kafka::AdminOptions& options) override {
    return below_.make_admin(options);
  }

 private:
  class Breaking final : public robustness::ForwardingProducer {
   public:
    using ForwardingProducer::ForwardingProducer;
    Status flush(std::chrono::milliseconds timeout) override {
      Status flushed = ForwardingProducer::flush(timeout);
      if (flushed.ok()) throw std::runtime_error("the machine has lost its power");
      return flushed;
    }
  };

  kafka::KafkaClients& below_;
};

class HeldBack : public EmbeddedApplication {
 protected:
  HeldBack() {
    broker_.create_topic("in");
    broker_.create_topic("out");
  }

  // A change of a row waits for ten seconds. The value "bad" is an error.
  static Topology rows() {
    StreamsBuilder builder;
    builder.table<Text, Text>("in")
        .map_values([](const Text& value) {
          if (value == "bad") throw std::runtime_error("a bad value");
          return value;
        })
        .suppress(until_time_limit(10s), {.name = "held"})
        .to_stream()
        .to("out");
    return builder.build();
  }
  // The records of a key in ten seconds.
  static Topology counts() {
    StreamsBuilder builder;
    builder.stream<Text, Text>("in")
        .group_by_key()
        .windowed_by(TimeWindows{.size = 10s})
        .count({.name = "counts"})
        .suppress(until_window_closes(), {.name = "held"})
        .to_stream([](const Windowed<Text>& window, const std::int64_t*) { return window.key; })
        .map_values([](std::int64_t count) { return std::to_string(count); })
        .to("out");
    return builder.build();
  }

  void put(const Text& key, const Text& value, std::chrono::seconds time) {
    broker_.produce<Text, Text>("in", {key, value, Timestamp{start_ + time}, {}});
  }

  // Runs an application until it has committed all that there is.
  void run(Topology topology) {
    const auto streams = start(std::move(topology));
    ASSERT_TRUE(eventually(patience, [&] { return broker_.caught_up("app", "in"); }));
    ASSERT_TRUE(streams->close());
  }
  // Runs one that stops with everything written and nothing committed.
  void run_until_it_breaks(Topology topology) {
    Environment environment = broker_.environment();
    BreakingClients clients{environment.clients};
    Streams streams{std::move(topology),
                    config(),
                    {.clients = clients,
                     .memberships = environment.memberships,
                     .clock = environment.clock,
                     .random = environment.random,
                     .files = environment.files,
                     .workers = environment.workers,
                     .storage = environment.storage}};
    streams.start();
    EXPECT_THAT(failure_of(streams), HasSubstr("lost its power"));
    ASSERT_TRUE(streams.close());
  }
  // The next application has the changelog alone.
  void lose_the_disk() { std::filesystem::remove_all(folder_.path() / "state"); }

  // Changes that wait, by what the changelog says.
  [[nodiscard]] std::size_t waiting() const {
    std::map<ByteBuffer, bool> waits;
    for (const auto& record : broker_.read("app-held-store-changelog")) {
      waits[*record.key] = record.value.has_value();
    }
    return static_cast<std::size_t>(
        std::ranges::count_if(waits, [](const auto& row) { return row.second; }));
  }
  // All that ever came out, in its order.
  [[nodiscard]] std::vector<Text> emitted() const {
    std::vector<Text> rows;
    for (const auto& record : broker_.read<Text, Text>("out")) {
      rows.push_back(*record.key + "=" + record.value.value_or("-"));
    }
    return rows;
  }

 private:
  static std::chrono::milliseconds some_minutes_ago() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::floor<std::chrono::minutes>(now) - 10min;
  }

  std::chrono::milliseconds start_ = some_minutes_ago();
};

TEST_P(HeldBack, ChangesOfRowsComeOutOnceAfterARestart) {
  put("a", "1", 0s);
  put("a", "2", 1s);
  put("b", "1", 2s);
  run(rows());
  EXPECT_THAT(emitted(), IsEmpty());
  EXPECT_EQ(waiting(), 2U);

  lose_the_disk();
  put("c", "1", 12s);
  run(rows());
  EXPECT_THAT(emitted(), ElementsAre("a=2", "b=1"));
  EXPECT_EQ(waiting(), 1U);

  lose_the_disk();
  put("d", "1", 30s);
  run(rows());
  EXPECT_THAT(emitted(), ElementsAre("a=2", "b=1", "c=1"));
}

TEST_P(HeldBack, ARowThatChangesAfterARestartHasWaitedSinceBefore) {
  put("a", "1", 0s);
  run(rows());
  lose_the_disk();

  put("a", "2", 9s);
  put("b", "1", 10s);
  run(rows());

  EXPECT_THAT(emitted(), ElementsAre("a=2"));
}

TEST_P(HeldBack, FinalResultsComeOutOnceAfterARestart) {
  put("a", "x", 0s);
  put("b", "x", 2s);
  run(counts());
  EXPECT_THAT(emitted(), IsEmpty());

  lose_the_disk();
  put("a", "x", 5s);
  put("c", "x", 11s);
  run(counts());
  EXPECT_THAT(emitted(), ElementsAre("a=2", "b=1"));

  lose_the_disk();
  put("d", "x", 21s);
  run(counts());
  EXPECT_THAT(emitted(), ElementsAre("a=2", "b=1", "c=1"));
  EXPECT_EQ(waiting(), 1U);
}

TEST_P(HeldBack, WhatAFailedCommitHasWrittenComesOutOnceToo) {
  put("a", "1", 0s);
  put("b", "1", 2s);
  run(rows());
  put("c", "1", 12s);
  run_until_it_breaks(rows());
  // Their leaving was written, with or without effect.
  const bool exactly_once = guarantee() == ProcessingGuarantee::exactly_once_v2;
  EXPECT_EQ(waiting(), exactly_once ? 2U : 1U);
  EXPECT_EQ(emitted().size(), exactly_once ? 0U : 2U);

  lose_the_disk();
  put("d", "1", 30s);
  run(rows());

  EXPECT_THAT(emitted(), ElementsAre("a=1", "b=1", "c=1"));
}

INSTANTIATE_TEST_SUITE_P(Guarantees, HeldBack, both_guarantees(), name_of_guarantee);

}  // namespace
}  // namespace moldau
