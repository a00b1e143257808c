// Writes the lines of a seed to a topic, partition after partition in turn, at an even pace.
//
//   line_producer --brokers B --topic T --seed S --lines N [--rate LINES_PER_SECOND] [--first LINE]
//                 [--timestamp MILLISECONDS]
//
// Prints `sent N` when all of them are acknowledged; status 0 only then.

#include "robustness/bare_kafka.h"
#include "robustness/lines.h"

#include <librdkafka/rdkafka.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

struct Options {
  std::string brokers;
  std::string topic;
  std::uint64_t seed = 0;
  std::uint64_t lines = 0;
  std::uint64_t first = 0;
  std::uint64_t rate = 0;
  // Time of the first line, one millisecond later for each next one. Negative: when it is sent.
  std::int64_t timestamp = -1;
};

class LineProducer {
 public:
  explicit LineProducer(Options options) : options_(std::move(options)) {
    producer_ = robustness::make_producer({{"bootstrap.servers", options_.brokers},
                                           {"enable.idempotence", "true"},
                                           {"linger.ms", "5"},
                                           {"message.timeout.ms", "120000"}},
                                          &deliveries_);
    partitions_ = robustness::Reader{options_.brokers, "line-producer"}.partitions(options_.topic);
  }

  // Returns how many lines were acknowledged.
  std::uint64_t run() {
    using std::chrono::steady_clock;
    const auto start = steady_clock::now();
    for (std::uint64_t line = 0; line < options_.lines; ++line) {
      if (options_.rate > 0) {
        const auto due = start + std::chrono::microseconds{line * 1'000'000 / options_.rate};
        while (steady_clock::now() < due) {
          collect(0);
          std::this_thread::sleep_until(
              std::min(due, steady_clock::now() + std::chrono::milliseconds{5}));
        }
      }
      send(options_.first + line, line);
    }
    rd_kafka_flush(producer_.get(), 120'000);
    collect(0);
    if (!deliveries_.error.empty()) throw std::runtime_error(deliveries_.error);
    return deliveries_.acknowledged;
  }

 private:
  void send(std::uint64_t number, std::uint64_t index) {
    const std::string text = robustness::Lines{options_.seed}.line(number);
    const auto partition =
        static_cast<std::int32_t>(number % static_cast<std::uint64_t>(partitions_));
    const std::int64_t timestamp =
        options_.timestamp < 0 ? 0 : options_.timestamp + static_cast<std::int64_t>(index);
    while (true) {
      const rd_kafka_resp_err_t error =
          rd_kafka_producev(producer_.get(), RD_KAFKA_V_TOPIC(options_.topic.c_str()),
                            RD_KAFKA_V_PARTITION(partition),
                            RD_KAFKA_V_VALUE(const_cast<char*>(text.data()), text.size()),
                            RD_KAFKA_V_TIMESTAMP(timestamp),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
      if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) throw std::runtime_error(rd_kafka_err2str(error));
      collect(10);
    }
  }

  void collect(int wait_ms) { rd_kafka_poll(producer_.get(), wait_ms); }

  Options options_;
  robustness::Deliveries deliveries_;
  robustness::Handle producer_;
  std::int32_t partitions_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Writes the lines of a seed to a topic"};
  Options options;
  app.add_option("--brokers", options.brokers)->required();
  app.add_option("--topic", options.topic)->required();
  app.add_option("--seed", options.seed)->required();
  app.add_option("--lines", options.lines)->required();
  app.add_option("--first", options.first);
  app.add_option("--rate", options.rate);
  app.add_option("--timestamp", options.timestamp);
  CLI11_PARSE(app, argc, argv);

  try {
    const std::uint64_t lines = options.lines;
    const std::uint64_t sent = LineProducer{std::move(options)}.run();
    std::printf("sent %llu\n", static_cast<unsigned long long>(sent));
    return sent == lines ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "line_producer: %s\n", e.what());
    return 1;
  }
}
