#pragma once

#include "moldau/streams/config.h"
#include "moldau/streams/environment.h"
#include "moldau/topology/topology.h"

#include "robustness/event_log.h"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace robustness {

// What the applications under test are told on their command line.
struct AppOptions {
  std::string brokers;
  std::string application_id;
  std::string state_dir;
  std::string guarantee = "exactly_once_v2";
  std::vector<std::string> settings;  // KEY=VALUE
};

// --brokers, --application-id, --state-dir, --guarantee and --set; `options` outlives the parsing.
void declare(CLI::App& app, AppOptions& options);

// With a logger that writes to standard error. Throws std::runtime_error if a setting is not
// KEY=VALUE.
[[nodiscard]] moldau::Config configuration(const AppOptions& options);

// Runs the application until SIGTERM, until it fails, or until `ended` says true, which is asked
// some ten times a second. Events: state S; wipes N, stores that were emptied; restored N, records,
// at the end. Returns whether it did not fail.
bool run_watched(
    moldau::Topology topology, const moldau::Config& config, const moldau::Environment& environment,
    EventLog& log, const std::function<bool()>& ended = [] { return false; });

}  // namespace robustness
