#include "moldau/moldau.h"
#include "moldau/testing/embedded_broker.h"
#include "moldau/testing/topology_test_driver.h"

#include "base/temporary_folder.h"
#include "eventually.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace moldau {
namespace {

using namespace std::chrono_literals;

TEST(Running, TheChapterSurvivesAnErrorAndIsPaused) {
  testing::EmbeddedBroker broker;
  broker.create_topic("payments", 2);
  broker.create_topic("checked", 2);
  TemporaryFolder folder;
  std::atomic<bool> bank_is_away{true};
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("payments")
      .peek([&](const std::string&, const std::string&) {
        if (bank_is_away.exchange(false)) throw std::runtime_error("the bank does not answer");
      })
      .to("checked");
  const Config config{.application_id = "payments", .state_dir = folder.path()};
  Streams streams{builder.build(), config, broker.environment()};

  // [running errors]
  streams.set_uncaught_exception_handler([failures = 0](std::exception_ptr) mutable {
    return ++failures <= 3 ? UncaughtExceptionResponse::replace_thread
                           : UncaughtExceptionResponse::shutdown_client;
  });
  streams.start();
  // [running errors end]
  broker.produce<std::string, std::string>("payments", "a", "12.50");
  ASSERT_TRUE(eventually(20s, [&] { return broker.read("checked").size() == 1; }));

  // [running scale]
  if (const auto added = streams.add_stream_thread()) std::printf("%s is added\n", added->c_str());
  streams.remove_stream_thread(10s);  // throws StreamsError if it takes longer
  // [running scale end]
  // [running pause]
  streams.pause();  // the group keeps its members, and nothing is processed
  streams.resume();
  // [running pause end]
  broker.produce<std::string, std::string>("payments", "b", "1.50");
  EXPECT_TRUE(eventually(20s, [&] { return broker.read("checked").size() == 2; }));

  // [running clean]
  streams.close();
  streams.clean_up();
  // [running clean end]
  EXPECT_EQ(streams.state(), StreamsState::not_running);
}

TEST(Running, TheChapterResetsATopology) {
  testing::EmbeddedBroker broker;
  broker.create_topic("payments", 1);
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("payments").to("checked");
  Streams streams{builder.build(), {.application_id = "payments"}, broker.environment()};

  // [running topology]
  streams.reset_topology();  // refused while an instance runs anywhere
  streams.start();
  // [running topology end]
  EXPECT_TRUE(eventually(20s, [&] { return streams.state() == StreamsState::running; }));
}

TEST(Running, TheChapterPutsRecordsAside) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("payments")
      .map_values([](const std::string& amount) { return std::stod(amount); })
      .to("checked");
  Config config{.application_id = "payments"};

  // [running letters]
  config.processing_exception_handler = [](const ErrorContext& context, std::exception_ptr error) {
    DeadLetter letter = dead_letter("payments-to-look-at", context, error);
    letter.headers.add("node", context.node);
    return ErrorAnswer{ErrorResponse::resume, {std::move(letter)}};
  };
  // [running letters end]
  testing::TopologyTestDriver driver{builder.build(), config};
  auto payments = driver.input_topic<std::string, std::string>("payments");
  payments.pipe("a", "twelve");

  auto aside = driver.output_topic<std::string, std::string>("payments-to-look-at");
  EXPECT_EQ(aside.read().value, "twelve");
}

// [running standby]
class Standbys final : public StandbyUpdateListener {
 public:
  void on_update_start(const TopicPartition& changelog, std::string_view, Offset from) override {
    std::printf("%s is followed from %lld\n", to_string(changelog).c_str(),
                static_cast<long long>(from.value()));
  }
  void on_batch_loaded(const TopicPartition&, std::string_view, TaskId, Offset last, std::uint64_t,
                       std::optional<Offset> log_end) override {
    if (log_end) behind = *log_end - last - 1;
  }
  void on_update_suspended(const TopicPartition&, std::string_view, Offset, std::optional<Offset>,
                           StandbySuspended reason) override {
    if (reason == StandbySuspended::promoted) ++promoted;
  }

  std::atomic<std::int64_t> behind{0};
  std::atomic<int> promoted{0};
};
// [running standby end]

TEST(Running, TheChapterListensToAStandby) {
  testing::EmbeddedBroker broker{{.standby_replicas = 1}};
  broker.create_topic("payments", 1);
  TemporaryFolder folder;
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("payments").group_by_key().count({.name = "counts"});
  const Topology topology = builder.build();
  Config config{.application_id = "payments", .state_dir = folder.path() / "a"};
  config.commit_interval = 20ms;
  Streams runs{topology, config, broker.environment()};
  runs.start();
  broker.produce<std::string, std::string>("payments", "a", "12.50");
  ASSERT_TRUE(eventually(20s, [&] { return broker.caught_up("payments", "payments"); }));
  config.state_dir = folder.path() / "b";
  Streams waits{topology, config, broker.environment()};
  Standbys standbys;
  waits.set_standby_listener(&standbys);
  waits.start();
  ASSERT_TRUE(eventually(
      20s, [&] { return waits.metrics().sum("update-total") == 1 && standbys.behind == 0; }));

  runs.close();

  EXPECT_TRUE(eventually(20s, [&] { return standbys.promoted == 1; }));
}

}  // namespace
}  // namespace moldau
