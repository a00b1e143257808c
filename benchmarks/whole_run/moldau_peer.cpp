// This library's side of the comparison, with the arguments and the output of the Kafka Streams
// peer:
//
//   peer TOPOLOGY IN OUT RECORDS APPLICATION_ID STATE_DIR [KEY=VALUE...]
//
// TOPOLOGY is pipe, count or count-cached; keys are those of docs/configuration.md. Brokers come
// from BROKERS. Ends after RECORDS input records, commits, closes, and prints one STAT line.

#include <moldau/moldau.h>
#include <moldau/serde/raw_bytes.h>

#include "whole_run/stat_line.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using moldau::ByteBuffer;

struct Job {
  std::string topology;
  std::string in;
  std::string out;
  std::int64_t records = 0;
  moldau::Config config;
};

// Wakes main(), which waits for it as it waits for a signal from outside.
void end_the_run() { kill(getpid(), SIGUSR1); }

// When the first and the last record went by. Fed by all stream threads.
class Progress {
 public:
  explicit Progress(std::int64_t expected) : expected_(expected) {}

  void record() {
    const std::int64_t count = seen_.fetch_add(1, std::memory_order_relaxed) + 1;
    if (count == 1) first_ = Clock::now();
    if (count == expected_) {
      last_ = Clock::now();
      end_the_run();
    }
  }

  [[nodiscard]] std::int64_t seen() const { return seen_.load(); }
  [[nodiscard]] bool complete() const { return seen() >= expected_; }
  // REQUIRES: complete(), and the stream threads have ended.
  [[nodiscard]] Clock::duration duration() const { return last_ - first_; }
  [[nodiscard]] Clock::time_point last() const { return last_; }

 private:
  const std::int64_t expected_;
  std::atomic<std::int64_t> seen_{0};
  Clock::time_point first_;
  Clock::time_point last_;
};

Job read_arguments(const std::vector<std::string>& arguments) {
  if (arguments.size() < 6) {
    throw moldau::ConfigError(
        "usage: peer pipe|count|count-cached IN OUT RECORDS APPLICATION_ID STATE_DIR "
        "[KEY=VALUE...]");
  }
  const char* brokers = std::getenv("BROKERS");
  if (brokers == nullptr) throw moldau::ConfigError("set BROKERS=host:port");
  Job job{.topology = arguments[0],
          .in = arguments[1],
          .out = arguments[2],
          .records = std::stoll(arguments[3]),
          .config = {.application_id = arguments[4], .bootstrap_servers = brokers}};
  job.config.state_dir = arguments[5];
  // Every update is sent on, unless the arguments ask for a cache.
  if (job.topology == "count") job.config.statestore_cache_max_bytes = 0;
  for (std::size_t i = 6; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    if (equals == std::string::npos) {
      throw moldau::ConfigError("expected KEY=VALUE, found " + arguments[i]);
    }
    job.config.set(arguments[i].substr(0, equals), arguments[i].substr(equals + 1));
  }
  return job;
}

moldau::Topology build(const Job& job, Progress& progress) {
  moldau::StreamsBuilder builder;
  const auto records = builder.stream<std::int64_t, ByteBuffer>(job.in).peek(
      [&progress](const ByteBuffer&) { progress.record(); });
  if (job.topology == "pipe") {
    records.filter([](const ByteBuffer& value) { return !value.empty(); })
        .map_values([](const ByteBuffer& value) -> const ByteBuffer& { return value; })
        .to(job.out);
  } else if (job.topology == "count" || job.topology == "count-cached") {
    records.group_by_key().count({.name = "store"}).to_stream().to(job.out);
  } else {
    throw moldau::ConfigError("no topology " + job.topology +
                              "; there are pipe, count and count-cached");
  }
  return builder.build();
}

// Set before any thread starts, so that every thread has them blocked.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGUSR1}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int run(Job job) {
  const sigset_t signals = block_signals();
  Progress progress{job.records};
  moldau::Streams streams{build(job, progress), std::move(job.config)};
  streams.set_state_listener([](moldau::StreamsState now, moldau::StreamsState) {
    if (now == moldau::StreamsState::error) end_the_run();
  });
  streams.start();
  sigwaitinfo(&signals, nullptr);
  streams.close();
  if (!streams.error().empty()) {
    std::fprintf(stderr, "peer: %s\n", streams.error().c_str());
    return 1;
  }
  if (!progress.complete()) {
    std::fprintf(stderr, "peer: stopped after %lld of %lld records\n",
                 static_cast<long long>(progress.seen()), static_cast<long long>(job.records));
    return 1;
  }
  benchmarks::print_stat_line(
      progress.seen(), progress.duration(),
      "close_s=" + benchmarks::seconds_text(Clock::now() - progress.last()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(read_arguments({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "peer: %s\n", error.what());
    return 2;
  }
}
