// Sends the events and profiles of a seed (soak_event.h) at an even pace, whatever becomes of the
// broker meanwhile.
//
//   event_producer --brokers B --events TOPIC --profiles TOPIC --seed S --count N --rate R
//                  --start MILLISECONDS --step MILLISECONDS
//
// The first event has the time `start`, each next one `step` more. Prints `MICROSECONDS sent N`
// when all are acknowledged; status 0 only then. A record may be in the topics twice: the verifier
// goes by what is in them.

#include "robustness/bare_kafka.h"
#include "robustness/event_log.h"
#include "robustness/soak_event.h"

#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

struct Options {
  std::string brokers;
  std::string events;
  std::string profiles;
  std::uint64_t seed = 0;
  std::int64_t count = 0;
  std::int64_t rate = 0;
  std::int64_t start = 0;
  std::int64_t step = 1;
};

// One record until it is acknowledged. Its place in memory is what librdkafka gives back.
struct Sent {
  std::string topic;
  std::int32_t partition = RD_KAFKA_PARTITION_UA;
  std::string key;
  std::optional<std::string> value;  // nullopt: a deletion
  std::int64_t timestamp = 0;
  bool acknowledged = false;
};

class EventProducer {
 public:
  explicit EventProducer(Options options) : options_(std::move(options)), source_(options_.seed) {
    partitions_ =
        robustness::Reader{options_.brokers, "event-producer"}.partitions(options_.events);
    deliveries_.each = [this](void* opaque, const std::string& error) {
      delivered(*static_cast<Sent*>(opaque), error);
    };
    connect();
  }

  void run() {
    using std::chrono::steady_clock;
    const auto start = steady_clock::now();
    for (std::int64_t number = 1; number <= options_.count; ++number) {
      const auto due = start + std::chrono::microseconds{number * 1'000'000 / options_.rate};
      while (steady_clock::now() < due) {
        collect(0);
        std::this_thread::sleep_until(
            std::min(due, steady_clock::now() + std::chrono::milliseconds{5}));
      }
      send_event();
      if (number % events_per_profile == 0) send_profile();
      if (number % events_per_guest == 0) send_guests();
    }
    const auto deadline = steady_clock::now() + std::chrono::minutes{5};
    while (!waiting_.empty()) {
      collect(50);
      if (steady_clock::now() > deadline) {
        throw std::runtime_error(std::to_string(waiting_.size()) + " records are not acknowledged");
      }
    }
  }

 private:
  static constexpr std::int64_t events_per_profile = 5;
  static constexpr std::int64_t events_per_guest = 20;

  // From the first record on that is not acknowledged: a client that is dead took them along, and
  // a newer one in front of an older one would change their order.
  void connect() {
    producer_.reset();
    producer_ = robustness::make_producer({{"bootstrap.servers", options_.brokers},
                                           {"enable.idempotence", "true"},
                                           {"partitioner", "murmur2_random"},
                                           {"linger.ms", "5"},
                                           {"reconnect.backoff.max.ms", "500"},
                                           {"message.timeout.ms", "300000"}},
                                          &deliveries_);
    for (Sent& sent : waiting_) {
      if (!sent.acknowledged) hand_over(sent);
    }
  }

  void delivered(Sent& sent, const std::string& error) {
    if (error.empty()) {
      sent.acknowledged = true;
    } else {
      failed_ = true;
    }
  }

  void send_event() {
    const robustness::SoakEvent event = source_.next_event();
    time_ += number_of_events_++ == 0 ? options_.start : options_.step;
    send({.topic = options_.events,
          .partition = robustness::SoakEvents::partition_of(event.user, partitions_),
          .key = "device" + std::to_string(event.number % 7),
          .value = event.text(),
          .timestamp = time_});
  }

  void send_profile() {
    const robustness::SoakEvents::Profile profile = source_.next_profile();
    send({.topic = options_.profiles,
          .key = profile.user,
          .value = std::to_string(profile.version),
          .timestamp = time_});
  }

  void send_guests() {
    const auto [comes, goes] = source_.next_guests();
    send({.topic = options_.profiles, .key = comes, .value = "1", .timestamp = time_});
    if (goes.empty()) return;
    send({.topic = options_.profiles, .key = goes, .value = {}, .timestamp = time_});
  }

  void send(Sent record) { hand_over(waiting_.emplace_back(std::move(record))); }

  void hand_over(Sent& sent) {
    char* const value = sent.value ? sent.value->data() : nullptr;
    const std::size_t size = sent.value ? sent.value->size() : 0;
    while (true) {
      const rd_kafka_resp_err_t error = rd_kafka_producev(
          producer_.get(), RD_KAFKA_V_TOPIC(sent.topic.c_str()),
          RD_KAFKA_V_PARTITION(sent.partition), RD_KAFKA_V_KEY(sent.key.data(), sent.key.size()),
          RD_KAFKA_V_VALUE(value, size), RD_KAFKA_V_TIMESTAMP(sent.timestamp),
          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(&sent), RD_KAFKA_V_END);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
      if (error == RD_KAFKA_RESP_ERR__FATAL) {
        failed_ = true;
        return;
      }
      if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error(rd_kafka_err2str(error));
      rd_kafka_poll(producer_.get(), 10);
    }
  }

  void collect(int wait_ms) {
    rd_kafka_poll(producer_.get(), wait_ms);
    while (!waiting_.empty() && waiting_.front().acknowledged) waiting_.pop_front();
    if (failed_) {
      failed_ = false;
      std::fprintf(stderr, "event_producer: a new client, %zu records again\n", waiting_.size());
      connect();
    }
  }

  Options options_;
  robustness::SoakEvents source_;
  std::deque<Sent> waiting_;
  robustness::Deliveries deliveries_;
  robustness::Handle producer_;
  std::int32_t partitions_ = 0;
  std::int64_t number_of_events_ = 0;
  std::int64_t time_ = 0;
  bool failed_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Sends the events of a seed"};
  Options options;
  app.add_option("--brokers", options.brokers)->required();
  app.add_option("--events", options.events)->required();
  app.add_option("--profiles", options.profiles)->required();
  app.add_option("--seed", options.seed)->required();
  app.add_option("--count", options.count)->required();
  app.add_option("--rate", options.rate)->required();
  app.add_option("--start", options.start)->required();
  app.add_option("--step", options.step)->required();
  CLI11_PARSE(app, argc, argv);

  try {
    const std::int64_t count = options.count;
    EventProducer{std::move(options)}.run();
    robustness::EventLog{}.event("sent " + std::to_string(count));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "event_producer: %s\n", e.what());
    return 1;
  }
}
