// Fills a topic with the records of the whole runs:
//
//   load_topic --topic TOPIC --records N
//
// 100,000 keys of 8 bytes, evenly drawn; values of 100 bytes that look like a small JSON document;
// 10,000 records a second of event time. The same N makes the same records. A key is in the
// partition that Kafka's default partitioner gives it, so a program that keeps the key keeps the
// partition.

#include "whole_run/arguments.h"
#include "whole_run/kafka.h"
#include "whole_run/stat_line.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t keys = 100'000;
constexpr std::size_t value_size = 100;
constexpr std::int64_t first_timestamp = 1'700'000'000'000;
constexpr std::int64_t records_per_ms = 10;
constexpr int flush_timeout_ms = 120'000;

// xorshift64: quick, and the same everywhere.
class Numbers {
 public:
  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  std::uint64_t below(std::uint64_t limit) { return (*this)() % limit; }

 private:
  std::uint64_t state_ = 88'172'645'463'325'252;
};

class Bids {
 public:
  struct Bid {
    std::int64_t key;
    std::int64_t timestamp;
    std::array<char, value_size> value;
  };

  Bid next() {
    const auto key = static_cast<std::int64_t>(numbers_.below(keys));
    Bid bid{.key = key, .timestamp = first_timestamp + count_++ / records_per_ms, .value = {}};
    std::array<char, 2 * value_size> text{};
    const int written = std::snprintf(
        text.data(), text.size(),
        R"({"auction":%lld,"bidder":%u,"price":%u,"channel":"%s","time":%lld,"extra":")",
        static_cast<long long>(key), static_cast<unsigned>(numbers_.below(90'000)),
        static_cast<unsigned>(numbers_.below(1'000'000)), channels[numbers_.below(channels.size())],
        static_cast<long long>(bid.timestamp));
    for (auto at = static_cast<std::size_t>(written); at < value_size; ++at) {
      text[at] = static_cast<char>('a' + numbers_.below(16));
    }
    std::copy_n(text.begin(), value_size, bid.value.begin());
    return bid;
  }

 private:
  static constexpr std::array channels{"Google", "Apple",        "Facebook",
                                       "Baidu",  "channel-1041", "channel-77"};
  Numbers numbers_;
  std::int64_t count_ = 0;
};

void send(const benchmarks::Client& client, rd_kafka_topic_t* topic, const Bids::Bid& bid) {
  static_assert(std::endian::native == std::endian::little);
  const std::uint64_t key = __builtin_bswap64(static_cast<std::uint64_t>(bid.key));
  benchmarks::check(
      rd_kafka_producev(client.get(), RD_KAFKA_VTYPE_RKT, topic, RD_KAFKA_VTYPE_KEY, &key,
                        sizeof key, RD_KAFKA_VTYPE_VALUE, bid.value.data(), bid.value.size(),
                        RD_KAFKA_VTYPE_TIMESTAMP, bid.timestamp, RD_KAFKA_VTYPE_MSGFLAGS,
                        RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK, RD_KAFKA_VTYPE_END),
      "sending");
}

void run(const benchmarks::Arguments& arguments) {
  const std::string name = arguments.text("topic");
  const std::int64_t records = arguments.number("records");
  benchmarks::Settings settings = benchmarks::producer_settings();
  settings.emplace("partitioner", "murmur2_random");  // the Java producer's
  const benchmarks::Client client = benchmarks::make_client(RD_KAFKA_PRODUCER, settings);
  const benchmarks::TopicHandle topic = benchmarks::make_topic(client, name);

  const Clock::time_point start = Clock::now();
  Bids bids;
  for (std::int64_t i = 0; i < records; ++i) {
    send(client, topic.get(), bids.next());
  }
  benchmarks::check(rd_kafka_flush(client.get(), flush_timeout_ms), "flushing");
  benchmarks::print_stat_line(records, Clock::now() - start, "");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(benchmarks::Arguments{argc, argv, {"topic", "records"}});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load_topic: %s\n", error.what());
    return 1;
  }
}
