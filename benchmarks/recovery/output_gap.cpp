// The longest time in which a partition of a topic got no record, by the broker's clock (the topic
// has message.timestamp.type=LogAppendTime):
//
//   output_gap --topic TOPIC --since MS --until MS
//
// Between these times (milliseconds of the epoch), counted from the last record before the first of
// them; a partition that gets nothing more has a gap up to the second. Prints milliseconds.

#include "whole_run/arguments.h"
#include "whole_run/topic_reader.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>

int main(int argc, char** argv) {
  try {
    const benchmarks::Arguments arguments{argc, argv, {"topic", "since", "until"}};
    const std::int64_t since = arguments.number("since");
    const std::int64_t until = arguments.number("until");
    std::map<std::int32_t, std::int64_t> last;  // time, by partition
    std::int64_t longest = 0;
    benchmarks::read_topic(arguments.text("topic"), [&](const benchmarks::TopicRecord& record) {
      if (record.timestamp > until) return;
      const auto [found, first] = last.try_emplace(record.partition, record.timestamp);
      if (!first && record.timestamp >= since) {
        longest = std::max(longest, record.timestamp - found->second);
      }
      found->second = record.timestamp;
    });
    for (const auto& [partition, time] : last) longest = std::max(longest, until - time);
    std::printf("%lld\n", static_cast<long long>(longest));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "output_gap: %s\n", error.what());
    return 1;
  }
}
