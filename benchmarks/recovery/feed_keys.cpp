// Feeds a topic, one record a key:
//
//   feed_keys --topic TOPIC --keys N                 every key once, as fast as it goes
//   feed_keys --topic TOPIC --keys N --rate R        keys round and round, R records a second,
//   until
//                                                    SIGTERM; then prints how many there were
//
// Keys of 8 bytes, in the partition that Kafka's default partitioner gives them; values of 100
// bytes; the time of sending.

#include "whole_run/arguments.h"
#include "whole_run/kafka.h"
#include "whole_run/stat_line.h"

#include <array>
#include <bit>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int flush_timeout_ms = 120'000;
constexpr std::chrono::milliseconds pace{5};

volatile std::sig_atomic_t asked_to_stop = 0;

class Feeder {
 public:
  Feeder(const std::string& topic, std::int64_t keys)
      : client_(benchmarks::make_client(RD_KAFKA_PRODUCER, settings())),
        topic_(benchmarks::make_topic(client_, topic)),
        keys_(keys) {
    value_.fill('v');
  }

  void send_next() {
    static_assert(std::endian::native == std::endian::little);
    const std::uint64_t key = __builtin_bswap64(static_cast<std::uint64_t>(sent_ % keys_));
    benchmarks::check(
        rd_kafka_producev(client_.get(), RD_KAFKA_VTYPE_RKT, topic_.get(), RD_KAFKA_VTYPE_KEY, &key,
                          sizeof key, RD_KAFKA_VTYPE_VALUE, value_.data(), value_.size(),
                          RD_KAFKA_VTYPE_MSGFLAGS, RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK,
                          RD_KAFKA_VTYPE_END),
        "sending");
    ++sent_;
  }

  void flush() { benchmarks::check(rd_kafka_flush(client_.get(), flush_timeout_ms), "flushing"); }

  [[nodiscard]] std::int64_t sent() const noexcept { return sent_; }

 private:
  static benchmarks::Settings settings() {
    benchmarks::Settings settings = benchmarks::producer_settings();
    settings.emplace("partitioner", "murmur2_random");  // the Java producer's
    return settings;
  }

  const benchmarks::Client client_;
  const benchmarks::TopicHandle topic_;
  const std::int64_t keys_;
  std::array<char, 100> value_{};
  std::int64_t sent_ = 0;
};

void feed_paced(Feeder& feeder, std::int64_t rate) {
  std::signal(SIGTERM, [](int) { asked_to_stop = 1; });
  const Clock::time_point start = Clock::now();
  while (asked_to_stop == 0) {
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
    while (feeder.sent() < passed * rate / 1000) feeder.send_next();
    std::this_thread::sleep_for(pace);
  }
}

void run(const benchmarks::Arguments& arguments) {
  Feeder feeder{arguments.text("topic"), arguments.number("keys")};
  const std::int64_t rate = arguments.number_or("rate", 0);
  const Clock::time_point start = Clock::now();
  if (rate > 0) {
    feed_paced(feeder, rate);
  } else {
    while (feeder.sent() < arguments.number("keys")) feeder.send_next();
  }
  feeder.flush();
  benchmarks::print_stat_line(feeder.sent(), Clock::now() - start, "");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(benchmarks::Arguments{argc, argv, {"topic", "keys", "rate"}});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "feed_keys: %s\n", error.what());
    return 1;
  }
}
