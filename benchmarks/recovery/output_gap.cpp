// The longest time in which a partition of a topic got no record, by the broker's clock (the topic
// has message.timestamp.type=LogAppendTime):
//
//   output_gap --topic TOPIC --since MS
//
// Counted from the last record before MS (milliseconds of the epoch) on; prints milliseconds.

#include "whole_run/arguments.h"
#include "whole_run/topic_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>

int main(int argc, char** argv) {
  try {
    const benchmarks::Arguments arguments{argc, argv, {"topic", "since"}};
    const std::int64_t since = arguments.number("since");
    std::map<std::int32_t, std::int64_t> last;  // time, by partition
    std::int64_t longest = 0;
    benchmarks::read_topic(arguments.text("topic"), [&](const benchmarks::TopicRecord& record) {
      const auto [found, first] = last.try_emplace(record.partition, record.timestamp);
      if (!first && record.timestamp >= since) {
        longest = std::max(longest, record.timestamp - found->second);
      }
      found->second = record.timestamp;
    });
    std::printf("%lld\n", static_cast<long long>(longest));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "output_gap: %s\n", error.what());
    return 1;
  }
}
