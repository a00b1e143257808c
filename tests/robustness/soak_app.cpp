// The application of the soak (soak_topology.h), on a real cluster, until SIGTERM.
//
//   soak_app --brokers B --application-id A --state-dir DIR --topics PREFIX [--guarantee G]
//            [--set KEY=VALUE]... [--mutation NAME] [--delay POINT:MILLISECONDS]...
//            [--clock-ahead HOURS]
//   soak_app --describe
//
// Events on standard output (event_log.h): started PID, state S, first_record, task 0_3 (its first
// record here since another process had it, or ever), wipes N, restored N, broken RULE, stopped.
// Messages of the library go to standard error. Only soak_app_faults makes mistakes, sleeps at
// points of the library and has a clock that is ahead (provoked_environment.h).

#include "moldau/moldau.h"

#include "robustness/event_log.h"
#include "robustness/soak_topology.h"
#include "robustness/watched_run.h"
#include "streams/machine_environment.h"

#if defined(MOLDAU_FAULTS)
#include "robustness/provoked_environment.h"
#endif

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace {

// Says which tasks process something: those that had nothing to do here for a while are said again,
// because somebody else may have had them meanwhile.
class TaskLog {
 public:
  explicit TaskLog(robustness::EventLog& log) : log_(log) {}

  // On any stream thread.
  void record(moldau::TaskId task) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock{mutex_};
    if (last_.empty()) log_.event("first_record");
    const auto [found, is_new] = last_.try_emplace(task, now);
    if (is_new || now - found->second > silence) log_.event("task " + to_string(task));
    found->second = now;
  }

 private:
  static constexpr std::chrono::milliseconds silence{2000};

  robustness::EventLog& log_;
  std::mutex mutex_;  // guards last_
  std::map<moldau::TaskId, std::chrono::steady_clock::time_point> last_;
};

struct Options {
  robustness::AppOptions app;
  std::string topics = "soak";
#if defined(MOLDAU_FAULTS)
  robustness::Provocation provocation;
#endif
  bool describe = false;
};

robustness::SoakTopics topics(const std::string& prefix) {
  return {.events = prefix + "-events",
          .profiles = prefix + "-profiles",
          .counts = prefix + "-counts",
          .totals = prefix + "-totals",
          .windows = prefix + "-windows",
          .joined = prefix + "-joined"};
}

int run(const Options& options) {
  robustness::EventLog log;
  log.event("started " + std::to_string(::getpid()));
  const moldau::Config config = robustness::configuration(options.app);
  moldau::streams::MachineEnvironment machine{config};
#if defined(MOLDAU_FAULTS)
  robustness::ProvokedEnvironment provoked{
      machine.environment(), options.provocation,
      [&log](const std::string& how) { log.event("broken " + how); }};
#else
  moldau::streams::MachineEnvironment& provoked = machine;
#endif
  TaskLog tasks{log};
  const bool fine = robustness::run_watched(
      robustness::soak_topology(topics(options.topics),
                                [&tasks](moldau::TaskId task) { tasks.record(task); }),
      config, provoked.environment(), log);
  log.event(fine ? "stopped ok" : "stopped error");
  return fine ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The application of the soak"};
  Options options;
  robustness::declare(app, options.app);
  app.add_option("--topics", options.topics, "what the names of its topics begin with");
#if defined(MOLDAU_FAULTS)
  robustness::Provocation& provocation = options.provocation;
  app.add_option("--mutation", provocation.mutation,
                 "one of the mistakes that the library can make");
  app.add_option("--delay", provocation.delays, "POINT:MILLISECONDS, how long it may take there");
  app.add_option("--clock-ahead", provocation.clock_ahead_hours, "hours");
#endif
  app.add_flag("--describe", options.describe);
  CLI11_PARSE(app, argc, argv);
  try {
    if (options.describe) {
      const auto nothing = [](moldau::TaskId) {};
      std::fputs(
          robustness::soak_topology(topics(options.topics), nothing).describe().to_string().c_str(),
          stdout);
      return 0;
    }
    return run(options);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "soak_app: %s\n", e.what());
    return 1;
  }
}
