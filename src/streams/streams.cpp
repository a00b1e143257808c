#include "moldau/streams/streams.h"

#include "streams/application.h"
#include "streams/machine_environment.h"
#include "streams/signal_wait.h"

#include <utility>

namespace moldau::inline v0 {

Streams::Streams(Topology topology, Config config) {
  if (config.logger == nullptr) config.logger = make_console_logger();
  auto machine = std::make_shared<streams::MachineEnvironment>(config);
  const Environment environment = machine->environment();
  const Config given = config;
  application_ = std::make_unique<Application>(std::move(topology), std::move(config), environment,
                                               std::move(machine));
  // After the application, which has told of all other problems at once.
  streams::MachineEnvironment::check(given);
}

Streams::Streams(Topology topology, Config config, const Environment& environment)
    : application_(std::make_unique<Application>(std::move(topology), std::move(config),
                                                 environment, nullptr)) {}

Streams::~Streams() = default;

void Streams::set_state_listener(StateListener listener) {
  application_->set_state_listener(std::move(listener));
}

void Streams::set_restore_listener(StateRestoreListener* listener) {
  application_->set_restore_listener(listener);
}

void Streams::set_standby_listener(StandbyUpdateListener* listener) {
  application_->set_standby_listener(listener);
}

void Streams::set_uncaught_exception_handler(UncaughtExceptionHandler handler) {
  application_->set_uncaught_exception_handler(std::move(handler));
}

void Streams::start() { application_->start(); }

bool Streams::close(std::chrono::milliseconds timeout) {
  return application_->close({.timeout = timeout});
}
bool Streams::close(const CloseOptions& options) { return application_->close(options); }

std::optional<std::string> Streams::add_stream_thread() { return application_->add_thread(); }

std::optional<std::string> Streams::remove_stream_thread(std::chrono::milliseconds timeout) {
  return application_->remove_thread(timeout);
}

void Streams::pause() { application_->pause(); }
void Streams::resume() { application_->resume(); }
bool Streams::paused() const { return application_->paused(); }

void Streams::clean_up() { application_->clean_up(); }

void Streams::reset_topology(std::chrono::milliseconds timeout) {
  application_->reset_topology(timeout);
}

int Streams::run_until_signal() {
  try {
    start();
  } catch (const Error& e) {
    application_->logger().error(e.what());
    return 1;
  }
  streams::wait_for_signal([this] { return state() == StreamsState::error; });
  const bool failed = state() == StreamsState::error || state() == StreamsState::pending_error;
  close();
  return failed ? 1 : 0;
}

StreamsState Streams::state() const { return application_->state(); }
std::string Streams::error() const { return application_->error(); }
const MetricRegistry& Streams::metrics() const { return application_->metrics(); }

}  // namespace moldau::inline v0
