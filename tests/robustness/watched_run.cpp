#include "robustness/watched_run.h"

#include "moldau/moldau.h"

#include "streams/signal_wait.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace robustness {

namespace {

std::string number(double value) { return std::to_string(static_cast<std::uint64_t>(value)); }

}  // namespace

void declare(CLI::App& app, AppOptions& options) {
  app.add_option("--brokers", options.brokers);
  app.add_option("--application-id", options.application_id);
  app.add_option("--state-dir", options.state_dir);
  app.add_option("--guarantee", options.guarantee);
  app.add_option("--set", options.settings, "KEY=VALUE of the configuration");
}

moldau::Config configuration(const AppOptions& options) {
  moldau::Config config{.application_id = options.application_id,
                        .bootstrap_servers = options.brokers};
  config.state_dir = options.state_dir;
  config.set("processing.guarantee", options.guarantee);
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) throw std::runtime_error("not KEY=VALUE: " + setting);
    config.set(setting.substr(0, equals), setting.substr(equals + 1));
  }
  config.logger = moldau::make_console_logger();
  return config;
}

bool run_watched(moldau::Topology topology, const moldau::Config& config,
                 const moldau::Environment& environment, EventLog& log,
                 const std::function<bool()>& ended) {
  moldau::Streams streams{std::move(topology), config, environment};
  streams.set_state_listener([&log](moldau::StreamsState now, moldau::StreamsState) {
    log.event("state " + std::string{moldau::name(now)});
  });
  streams.start();

  double wipes = 0;
  const auto look_for_wipes = [&] {
    const double now = streams.metrics().sum("store-wipes-total");
    if (now > wipes) log.event("wipes " + number(now));
    wipes = now;
  };
  moldau::streams::wait_for_signal([&] {
    look_for_wipes();
    return streams.state() == moldau::StreamsState::error || ended();
  });
  const bool failed = streams.state() == moldau::StreamsState::error;
  streams.close();
  look_for_wipes();
  log.event("restored " + number(streams.metrics().sum("restored-records-total")));
  return !failed;
}

}  // namespace robustness
