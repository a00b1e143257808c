// The application that is killed, stopped and taken over in the tests: a word count on a real
// cluster, until SIGTERM.
//
//   word_count_app --brokers B --application-id A --state-dir DIR --input TOPIC --output TOPIC
//                  [--guarantee G] [--set KEY=VALUE]... [--stop-after-lines N] [--micros-per-line
//                  N]
//                  [--mutation no_transaction | no_clean_check] [--crash-at
//                  POINT:HIT[:MICROSECONDS]]
//   word_count_app --describe --input TOPIC --output TOPIC
//
// Events on standard output (event_log.h): started PID, state S, first_record (of any
// sub-topology), wipes N (stores that were emptied), and at the end restored N (records), lines N
// and words N (processed by this process), stopped. Messages of the library go to standard error.

#include "moldau/moldau.h"

#include "robustness/believed_ends.h"
#include "robustness/event_log.h"
#include "robustness/untransacted.h"
#include "robustness/watched_run.h"
#include "robustness/word_count_topology.h"
#include "streams/machine_environment.h"

#if defined(MOLDAU_FAULTS)
#include "robustness/crash_points.h"
#endif

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace {

struct Options {
  robustness::AppOptions app;
  std::string input = "lines";
  std::string output = "word-counts";
  std::uint64_t stop_after_lines = 0;
  std::string mutation;
  std::string crash_at;
  bool describe = false;
};

CLI::App& declare(CLI::App& app, Options& options) {
  robustness::declare(app, options.app);
  app.add_option("--input", options.input);
  app.add_option("--output", options.output);
  app.add_option("--stop-after-lines", options.stop_after_lines);
  app.add_option("--mutation", options.mutation)
      ->check(CLI::IsMember({"no_transaction", "no_clean_check"}));
#if defined(MOLDAU_FAULTS)
  app.add_option("--crash-at", options.crash_at);
#endif
  app.add_flag("--describe", options.describe);
  return app;
}

// What the application stands on: the machine, with what this run puts between the two.
class World {
 public:
  World(const Options& options, const moldau::Config& config) : machine_(config) {
    environment_ = std::make_unique<moldau::Environment>(machine_.environment());
    if (options.mutation == "no_clean_check") {
      believed_ends_ = std::make_unique<robustness::BelievedEndsEnvironment>(*environment_);
      environment_ = std::make_unique<moldau::Environment>(believed_ends_->environment());
    }
    if (options.mutation == "no_transaction") {
      untransacted_ = std::make_unique<robustness::UntransactedEnvironment>(*environment_);
      environment_ = std::make_unique<moldau::Environment>(untransacted_->environment());
    }
#if defined(MOLDAU_FAULTS)
    if (!options.crash_at.empty()) {
      counter_.emplace(robustness::CrashPoint::parse(options.crash_at));
      crashing_ = std::make_unique<robustness::CrashingEnvironment>(*environment_, *counter_);
      environment_ = std::make_unique<moldau::Environment>(crashing_->environment());
    }
#endif
  }

  [[nodiscard]] const moldau::Environment& environment() const { return *environment_; }

 private:
  moldau::streams::MachineEnvironment machine_;
  std::unique_ptr<robustness::BelievedEndsEnvironment> believed_ends_;
  std::unique_ptr<robustness::UntransactedEnvironment> untransacted_;
#if defined(MOLDAU_FAULTS)
  std::optional<robustness::CrashCounter> counter_;
  std::unique_ptr<robustness::CrashingEnvironment> crashing_;
#endif
  std::unique_ptr<moldau::Environment> environment_;
};

// What the stream threads have done, and who is told.
struct Progress {
  robustness::EventLog log;
  std::atomic<bool> first{false};
  std::atomic<std::uint64_t> lines{0};
  std::atomic<std::uint64_t> words{0};

  void on_record() {
    if (!first.exchange(true)) log.event("first_record");
  }
};

robustness::WordCountHooks hooks(Progress& progress) {
  return {.on_line =
              [&progress] {
                ++progress.lines;
                progress.on_record();
              },
          .on_count =
              [&progress] {
                ++progress.words;
                progress.on_record();
              }};
}

int run(const Options& options) {
  Progress progress;
  progress.log.event("started " + std::to_string(::getpid()));
  const moldau::Config config = robustness::configuration(options.app);
  const World world{options, config};
  const bool fine = robustness::run_watched(
      robustness::word_count(options.input, options.output, hooks(progress)), config,
      world.environment(), progress.log,
      [&] { return options.stop_after_lines > 0 && progress.lines >= options.stop_after_lines; });
  progress.log.event("lines " + std::to_string(progress.lines));
  progress.log.event("words " + std::to_string(progress.words));
  progress.log.event(fine ? "stopped ok" : "stopped error");
  return fine ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A word count to be killed"};
  Options options;
  CLI11_PARSE(declare(app, options), argc, argv);
  try {
    if (options.describe) {
      const auto nothing = [] {};
      const moldau::Topology topology =
          robustness::word_count(options.input, options.output, {nothing, nothing});
      std::fputs(topology.describe().to_string().c_str(), stdout);
      return 0;
    }
    return run(options);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "word_count_app: %s\n", e.what());
    return 1;
  }
}
