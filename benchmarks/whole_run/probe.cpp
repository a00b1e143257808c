// Runs a program and measures it from outside:
//
//   probe --out TOPIC [--broker-pid PID] [--timeout-s SECONDS] -- PROGRAM ARGUMENT...
//
// The program ends by itself and prints a STAT line. The end offsets of its output topic, as
// readers of committed records see them, are asked for all the time, so outputs are timed at the
// broker and the same way for every program. CPU time and memory are those the kernel has at its
// end. Prints one line of JSON; what the program says on standard error passes through.

#include "whole_run/arguments.h"
#include "whole_run/kafka.h"
#include "whole_run/processor_time.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using benchmarks::Arguments;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int ask_timeout_ms = 2'000;
constexpr milliseconds until_the_first_output{4};
constexpr milliseconds between_samples{40};
constexpr std::int64_t default_timeout_s = 300;

double seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

// The end offsets of the output topic over time.
class OutputWatch {
 public:
  explicit OutputWatch(std::string topic)
      : topic_(std::move(topic)),
        client_(benchmarks::make_client(RD_KAFKA_CONSUMER, {{"group.id", "probe"}})),
        partitions_(benchmarks::partition_count(client_, topic_)) {
    sample();
  }

  void sample() {
    std::int64_t sum = 0;
    for (std::int32_t partition = 0; partition < partitions_; ++partition) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      if (rd_kafka_query_watermark_offsets(client_.get(), topic_.c_str(), partition, &low, &high,
                                           ask_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        sum += high;
      }
    }
    if (sum > 0) samples_.emplace_back(Clock::now(), sum);
  }

  [[nodiscard]] bool empty() const { return samples_.empty(); }
  [[nodiscard]] Clock::time_point first() const { return samples_.front().first; }

  // From the first output to the last.
  [[nodiscard]] Clock::duration duration() const {
    const std::int64_t all = samples_.back().second;
    const auto last = std::ranges::find(samples_, all, &Sample::second);
    return last->first - first();
  }

 private:
  using Sample = std::pair<Clock::time_point, std::int64_t>;
  std::string topic_;
  benchmarks::Client client_;
  std::int32_t partitions_;
  std::vector<Sample> samples_;
};

// What a program says about itself.
struct Stat {
  long long records = 0;
  double seconds = 0;
  std::string note;
};

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Stat read_stat(std::FILE* output) {
  Stat stat;
  std::rewind(output);
  std::array<char, 4096> line{};
  while (std::fgets(line.data(), line.size(), output) != nullptr) {
    int note_at = 0;
    if (std::sscanf(line.data(), "STAT records=%lld seconds=%lf note=%n", &stat.records,
                    &stat.seconds, &note_at) == 2) {
      stat.note = line.data() + note_at;
      std::erase(stat.note, '\n');
    } else {
      std::fputs(line.data(), stderr);
    }
  }
  return stat;
}

class Program {
 public:
  explicit Program(std::vector<char*> command) : output_(std::tmpfile()), started_(Clock::now()) {
    if (command.empty() || output_ == nullptr) throw std::runtime_error("nothing to run");
    command.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(output_.get()), STDOUT_FILENO);
    const int error =
        posix_spawnp(&process_, command[0], &actions, nullptr, command.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error(std::string{command[0]} + " cannot be started");
  }

  // True once it has ended.
  bool ended() {
    if (!ended_) ended_ = wait4(process_, &status_, WNOHANG, &usage_) == process_;
    return ended_;
  }

  void kill() {
    ::kill(process_, SIGKILL);
    wait4(process_, &status_, 0, &usage_);
    ended_ = true;
  }

  [[nodiscard]] Clock::time_point started() const { return started_; }
  [[nodiscard]] bool succeeded() const { return WIFEXITED(status_) && WEXITSTATUS(status_) == 0; }
  [[nodiscard]] Stat stat() const { return read_stat(output_.get()); }
  [[nodiscard]] double user_seconds() const { return of(usage_.ru_utime); }
  [[nodiscard]] double system_seconds() const { return of(usage_.ru_stime); }
  [[nodiscard]] double peak_mb() const { return static_cast<double>(usage_.ru_maxrss) / 1024; }

 private:
  static double of(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  }

  File output_;
  Clock::time_point started_;
  pid_t process_ = 0;
  int status_ = 0;
  rusage usage_{};
  bool ended_ = false;
};

// CPU time of the machine, of the broker, and of this probe.
struct ProcessorTimes {
  double machine = benchmarks::machine_seconds();
  double broker = 0;
  double probe = benchmarks::processor_seconds("self");

  explicit ProcessorTimes(const std::string& broker_pid)
      : broker(broker_pid.empty() ? 0 : benchmarks::processor_seconds(broker_pid)) {}
};

void print(const Program& program, const OutputWatch& watch, const Stat& stat,
           const ProcessorTimes& before, const ProcessorTimes& after, double wall) {
  const auto records = static_cast<double>(stat.records);
  const double cpu = program.user_seconds() + program.system_seconds();
  const double broker = after.broker - before.broker;
  const double other = after.machine - before.machine - broker - cpu - (after.probe - before.probe);
  std::printf(
      R"({"records": %lld, "rate": %.0f, "own_rate": %.0f, "cpu_s_per_m": %.4f, "user_s": %.2f, )"
      R"("system_s": %.2f, "peak_mb": %.0f, "start_s": %.3f, "broker_cpu_s_per_m": %.3f, )"
      R"("wall_s": %.2f, "other_cores": %.2f, "note": "%s"})"
      "\n",
      stat.records, records / std::max(1e-9, seconds(watch.duration())),
      records / std::max(1e-9, stat.seconds), cpu / records * 1e6, program.user_seconds(),
      program.system_seconds(), program.peak_mb(), seconds(watch.first() - program.started()),
      broker / records * 1e6, wall, std::max(0.0, other) / wall, stat.note.c_str());
}

void run(const Arguments& arguments) {
  const std::string broker_pid = arguments.text_or("broker-pid", "");
  const std::chrono::seconds timeout{arguments.number_or("timeout-s", default_timeout_s)};
  OutputWatch watch{arguments.text("out")};
  const ProcessorTimes before{broker_pid};
  Program program{arguments.command()};
  while (!program.ended()) {
    watch.sample();
    std::this_thread::sleep_for(watch.empty() ? until_the_first_output : between_samples);
    if (Clock::now() - program.started() > timeout) {
      program.kill();
      throw std::runtime_error("not done after " + std::to_string(timeout.count()) + " s: killed");
    }
  }
  const double wall = seconds(Clock::now() - program.started());
  const ProcessorTimes after{broker_pid};
  watch.sample();
  const Stat stat = program.stat();
  if (!program.succeeded() || stat.records == 0 || watch.empty()) {
    throw std::runtime_error("the program failed");
  }
  print(program, watch, stat, before, after, wall);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(Arguments{argc, argv, {"out", "broker-pid", "timeout-s"}});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "probe: %s\n", error.what());
    return 1;
  }
}
