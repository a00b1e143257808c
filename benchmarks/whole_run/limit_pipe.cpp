// The least that a topic-to-topic program on librdkafka does: read, send with the same key, value
// and time, commit.
//
//   limit_pipe --in TOPIC --out TOPIC --records N [--transaction-ms MS]

#include "whole_run/arguments.h"
#include "whole_run/limit_sink.h"
#include "whole_run/limit_source.h"
#include "whole_run/stat_line.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <span>

namespace {

using benchmarks::Arguments;
using Clock = std::chrono::steady_clock;

std::span<const std::byte> bytes(const void* data, std::size_t size) {
  return {static_cast<const std::byte*>(data), size};
}

void run(const Arguments& arguments) {
  const std::int64_t records = arguments.number("records");
  std::optional<std::chrono::milliseconds> transaction;
  if (const auto ms = arguments.number_or("transaction-ms", -1); ms >= 0) transaction.emplace(ms);
  benchmarks::LimitSource source{arguments.text("in")};
  benchmarks::LimitSink sink{source, transaction};
  const benchmarks::TopicHandle out = sink.topic(arguments.text("out"));

  std::int64_t done = 0;
  Clock::time_point first;
  while (done < records) {
    const std::size_t taken = source.take(sink.patience(), [&](const rd_kafka_message_t& message) {
      sink.send(out.get(), message.partition, bytes(message.key, message.key_len),
                bytes(message.payload, message.len), benchmarks::timestamp_of(message));
    });
    if (done == 0 && taken > 0) first = Clock::now();
    done += static_cast<std::int64_t>(taken);
    if (done < records && sink.commit_due()) sink.commit(false);
  }
  sink.commit(true);
  benchmarks::print_stat_line(done, Clock::now() - first, sink.commit_note());
  // Leaving the group and taking the clients down is no part of the least.
  std::_Exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(Arguments{argc, argv, {"in", "out", "records", "transaction-ms"}});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "limit_pipe: %s\n", error.what());
    return 1;
  }
}
