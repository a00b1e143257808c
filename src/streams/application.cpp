#include "streams/application.h"

#include "moldau/base/error.h"
#include "moldau/processor/error_handlers.h"
#include "moldau/topology/subscription.h"

#include "streams/client_settings.h"
#include "streams/thread_options.h"
#include "streams/topology_check.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace moldau::inline v0 {

namespace {

using streams::ClientRole;
using streams::TranslatedSettings;

constexpr std::chrono::milliseconds forget_timeout{2'000};
constexpr std::chrono::milliseconds list_timeout{30'000};
// Of emit-on-close aggregations.
constexpr std::chrono::milliseconds default_final_results_interval{1000};

std::filesystem::path default_state_dir() {
  return std::filesystem::temp_directory_path() / "kafka-streams";
}

Config checked(Config config, const Topology& topology) {
  if (config.logger == nullptr) config.logger = make_console_logger();
  if (config.state_dir.empty()) config.state_dir = default_state_dir();
  std::vector<std::string> problems = config.problems();
  std::ranges::move(streams::built_without(topology, config), std::back_inserter(problems));
  if (problems.empty()) return config;
  std::string text = "the configuration cannot be used:";
  for (const std::string& problem : problems) text += "\n  - " + problem;
  throw ConfigError(text);
}

bool has_persistent_store(const topology::TopologyPlan& plan) {
  return std::ranges::any_of(plan.stores, [](const topology::StorePlan& store) {
    return store.spec.type == StoreType::rocksdb;
  });
}

// Standbys of their stores follow the group's committed offsets.
bool follows_inputs(const topology::TopologyPlan& plan) {
  return std::ranges::any_of(
      plan.stores, [](const topology::StorePlan& store) { return store.source_topic.has_value(); });
}

}  // namespace

Streams::Application::Application(Topology topology, Config config, const Environment& environment,
                                  std::shared_ptr<void> owned)
    : topology_(std::move(topology)),
      config_(checked(std::move(config), topology_)),
      owned_environment_(std::move(owned)),
      environment_(environment),
      state_(*config_.logger),
      threads_([this](int index) { return make_thread(index); }, environment_.workers,
               config_.statestore_cache_max_bytes) {
  environment_.storage =
      state::with_rocksdb_options(environment_.storage, config_.rocksdb_config_setter);
  for (const ClientRole role : {ClientRole::main_consumer, ClientRole::producer}) {
    const TranslatedSettings translated = streams::translate(config_.clients, role);
    for (const std::string& warning : translated.warnings) logger().warning(warning);
    const auto level = translated.ours.find("isolation.level");
    if (config_.exactly_once() && level != translated.ours.end() &&
        level->second != "read_committed") {
      logger().warning("isolation.level is ignored: with exactly-once it is read_committed");
    }
  }
}

Streams::Application::~Application() { close({}); }

void Streams::Application::set_state_listener(StateListener listener) {
  state_.set_listener(std::move(listener));
}

void Streams::Application::set_restore_listener(StateRestoreListener* listener) {
  restore_listener_ = listener;
}

void Streams::Application::set_standby_listener(StandbyUpdateListener* listener) {
  standby_listener_ = listener;
}

std::string Streams::Application::client_name() const {
  return config_.client_id.empty() ? config_.application_id + "-" + directory_->process_id()
                                   : config_.client_id;
}

void Streams::Application::set_uncaught_exception_handler(UncaughtExceptionHandler handler) {
  uncaught_exception_handler_ = std::move(handler);
}

void Streams::Application::start() {
  const std::lock_guard lock{closing_};
  if (state_.get() != StreamsState::created) {
    throw StreamsError("application " + config_.application_id +
                       ": start() works once, on a new object; the state is " +
                       std::string{name(state_.get())});
  }
  directory_ = std::make_unique<runtime::StateDirectory>(
      environment_.files, config_.state_dir, config_.application_id, environment_.random, logger());
  warn_about_state_dir();
  const std::string client = client_name();
  const kafka::AdminOptions admin{.client_id = client + "-admin",
                                  .settings = streams::settings_for(config_, ClientRole::admin)};
  topics_ = std::make_unique<runtime::TopicDirectory>(environment_.clients, admin);
  if (topology_.plan().has_pattern_sources()) resolve_patterns();
  shared_.add(std::make_unique<runtime::Restorer>(
      environment_.clients,
      runtime::Restorer::Options{
          .consumer = {.client_id = client + "-restore-consumer",
                       .group_id = follows_inputs(topology_.plan()) ? config_.application_id : "",
                       .isolation = kafka::Isolation::read_committed,
                       .max_poll_records = streams::default_poll_records,
                       .settings = streams::settings_for(config_, ClientRole::restore_consumer)},
          .admin = admin,
          .rebuild_truncated = config_.changelog_truncated == TruncatedChangelog::rebuild,
          .listeners = {.restore = restore_listener_, .standby = standby_listener_},
          .commit_interval = config_.effective_commit_interval()},
      environment_.clock, config_.logger, metrics_, paused_));
  if (!topology_.plan().repartition_topics.empty()) {
    shared_.add(std::make_unique<runtime::RepartitionPurger>(
        *topics_, config_.repartition_purge_interval, environment_.clock, config_.logger));
  }
  forget_surplus_members();
  directory_->remember_threads(config_.num_stream_threads);
  if (topology_.plan().has_global_stores()) make_global_thread(admin);

  state_.set(StreamsState::rebalancing);
  shared_.start(environment_.workers);
  threads_.start(config_.num_stream_threads);
}

bool Streams::Application::alive() const {
  const StreamsState state = state_.get();
  return state == StreamsState::rebalancing || state == StreamsState::running;
}

std::optional<std::string> Streams::Application::add_thread() {
  std::optional<std::string> added = threads_.add([this] { return alive(); });
  if (added) logger().info("thread " + *added + " is added");
  return added;
}

std::optional<std::string> Streams::Application::remove_thread(std::chrono::milliseconds timeout) {
  if (!alive()) return std::nullopt;
  const std::shared_ptr<streams::StreamThreads::Thread> removed = threads_.stop_one();
  if (removed == nullptr) return std::nullopt;
  const std::string& thread = removed->thread->name();
  if (!removed->handle->join(timeout)) {
    throw StreamsError("thread " + thread + " has not stopped within " +
                       std::to_string(timeout.count()) +
                       " ms; it goes on stopping. What it waits for is in the log");
  }
  threads_.reap();
  logger().info("thread " + thread + " is removed");
  return thread;
}

void Streams::Application::pause() {
  if (!paused_.exchange(true)) logger().info("processing is paused");
}

void Streams::Application::resume() {
  if (!paused_.exchange(false)) return;
  logger().info("processing is resumed");
  threads_.wake_all();
}

void Streams::Application::refuse_while_running(std::string_view call) const {
  if (directory_ == nullptr) return;
  throw StreamsError("application " + config_.application_id + ": " + std::string{call} +
                     " works before start() and after close(); the state is " +
                     std::string{name(state_.get())});
}

void Streams::Application::reset_topology(std::chrono::milliseconds timeout) {
  const std::lock_guard lock{closing_};
  refuse_while_running("reset_topology()");
  if (Status status = environment_.memberships.forget_topology(config_.application_id, timeout);
      !status) {
    throw StreamsError(
        "application " + config_.application_id +
        ": the topology of its group is not reset: " + std::string{status.message()});
  }
  logger().info("the brokers have forgotten the topology of group " + config_.application_id);
}

void Streams::Application::clean_up() {
  const std::lock_guard lock{closing_};
  refuse_while_running("clean_up()");
  runtime::StateDirectory::clear(environment_.files, config_.state_dir, config_.application_id,
                                 logger());
}

void Streams::Application::warn_about_state_dir() const {
  if (!has_persistent_store(topology_.plan())) return;
  const auto temporary = std::filesystem::temp_directory_path().lexically_normal();
  const auto [end, ignored] = std::ranges::mismatch(
      temporary, std::filesystem::absolute(config_.state_dir).lexically_normal());
  if (end == temporary.end() || end->empty()) {
    logger().warning("state.dir is " + directory_->path().string() +
                     ", below the temporary folder: what is deleted there is read again from the "
                     "changelogs. Set state.dir to a folder that stays");
  }
}

// Members of threads that this start does not have any more: nobody will come back for their tasks.
void Streams::Application::forget_surplus_members() {
  std::vector<std::string> surplus;
  for (int index = config_.num_stream_threads + 1; index <= directory_->previous_threads();
       ++index) {
    surplus.push_back(directory_->process_id() + "-" + std::to_string(index));
  }
  if (surplus.empty()) return;
  if (Status status =
          environment_.memberships.leave_for(config_.application_id, surplus, forget_timeout);
      !status) {
    logger().warning("fewer threads than last time, and the group could not be told: " +
                     std::string{status.message()} +
                     ". Their tasks move when the session of the missing members ends");
  }
}

// Only what exists now is read: the group must be told of topics by their names.
void Streams::Application::resolve_patterns() {
  const Result<std::vector<std::string>> topics = topics_->list(list_timeout);
  if (!topics) {
    throw StreamsError("application " + config_.application_id +
                       ": the topics that match its patterns cannot be looked up: " +
                       std::string{topics.error().message()});
  }
  topology_ = Topology{topology::resolve_patterns(topology_.plan(), *topics)};
}

void Streams::Application::make_global_thread(const kafka::AdminOptions& admin) {
  const std::string client = client_name();
  const TranslatedSettings consumer =
      streams::translate(config_.clients, ClientRole::global_consumer);
  runtime::GlobalObserver& observer = *this;  // the conversion is private
  shared_.add(std::make_unique<runtime::GlobalThread>(
      runtime::GlobalThread::Services{
          .clients = environment_.clients,
          .topics = *topics_,
          .clock = environment_.clock,
          .logger = config_.logger,
          .storage = *environment_.storage,
          .metrics = metrics_,
          .handlers = {.deserialization = config_.deserialization_exception_handler,
                       .processing = config_.processing_exception_handler_global_enabled
                                         ? config_.processing_exception_handler
                                         : ProcessingExceptionHandler{},
                       .production = {}},
          .dead_letter_topic = config_.errors_dead_letter_queue_topic_name,
          .topology = topology_.shared_plan(),
          .application_id = config_.application_id,
          .state_dir = directory_->path(),
          .app_configs = config_.app,
          .timestamp_policy = config_.default_timestamp_extractor,
          .semantics = config_.semantics,
          .store_format = config_.dsl_store_format,
          .processor_wrapper = config_.processor_wrapper},
      runtime::GlobalThread::Options{
          .name = client + "-GlobalStreamThread",
          .consumer = {.client_id = client + "-global-consumer",
                       .group_id = {},
                       .isolation = streams::isolation(config_, consumer.ours),
                       .max_poll_records = streams::default_poll_records,
                       .settings = streams::settings_for(config_, ClientRole::global_consumer)},
          .admin = admin,
          .listener = restore_listener_,
          .commit_interval = config_.effective_commit_interval(),
          .poll_wait = config_.poll_wait,
          .max_uncommitted_bytes = config_.state_uncommitted_max_bytes,
          .task_timeout = config_.task_timeout},
      observer));
}

// Its share of the cache comes from StreamThreads.
streams::StreamThreads::Thread Streams::Application::make_thread(int index) {
  // Should nobody come back for its member, the next start tells the group.
  directory_->remember_threads(std::max(index, directory_->threads()));
  runtime::ThreadObserver& observer = *this;  // the conversion is private
  streams::StreamThreads::Thread thread;
  thread.stores = std::make_unique<runtime::ThreadStores>(
      *directory_, environment_.storage,
      runtime::ThreadStores::Options{.cache_bytes = config_.statestore_cache_max_bytes,
                                     .semantics = config_.semantics,
                                     .format = config_.dsl_store_format},
      config_.logger, environment_.clock, metrics_);
  thread.thread = std::make_unique<runtime::StreamThread>(
      runtime::StreamThread::Services{
          .clients = environment_.clients,
          .memberships = environment_.memberships,
          .clock = environment_.clock,
          .logger = config_.logger,
          .metrics = metrics_,
          .stores = *thread.stores,
          .handlers = {.deserialization = config_.deserialization_exception_handler,
                       .processing = config_.processing_exception_handler,
                       .production = config_.production_exception_handler},
          .dead_letter_topic = config_.errors_dead_letter_queue_topic_name,
          .topology = topology_.shared_plan(),
          .topics = *topics_,
          .claims = claims_,
          .restorer = shared_.restorer(),
          .wake_restorer = [this] { shared_.wake_restorer(); },
          .purger = shared_.purger(),
          .application_id = config_.application_id,
          .timestamp_policy = config_.default_timestamp_extractor,
          .semantics = config_.semantics,
          .final_results_interval =
              config_.final_results_interval.value_or(default_final_results_interval),
          .outer_join_emit_interval =
              config_.outer_join_emit_interval.value_or(std::chrono::milliseconds{1000}),
          .idle = {.max_wait = config_.max_task_idle},
          .state_dir = directory_->path(),
          .app_configs = config_.app,
          .processor_wrapper = config_.processor_wrapper,
          .globals = shared_.globals(),
          .paused = paused_},
      streams::thread_options(config_, topology_.plan(), client_name(), directory_->process_id(),
                              index),
      observer);
  return thread;
}

bool Streams::Application::close(const CloseOptions& options) {
  const std::lock_guard lock{closing_};
  state_.set(StreamsState::pending_shutdown);
  if (options.group == GroupOperation::remain) {
    environment_.memberships.hold_places(config_.application_id);
  }
  threads_.stop_all();
  if (!join_all(options.timeout)) return false;
  threads_.reap();
  shared_.drop();
  topics_.reset();
  directory_.reset();  // unlocks the folder
  // What has failed stays in its state.
  if (state_.get() == StreamsState::pending_shutdown) state_.set(StreamsState::not_running);
  return true;
}

bool Streams::Application::join_all(std::chrono::milliseconds timeout) {
  using std::chrono::milliseconds;
  constexpr milliseconds for_ever = std::chrono::hours{24 * 365};
  const Clock::Steady until = environment_.clock.steady() + std::min(timeout, for_ever);
  const auto left = [&] {
    return std::max(milliseconds::zero(),
                    std::chrono::ceil<milliseconds>(until - environment_.clock.steady()));
  };
  if (!threads_.join_all(left)) return false;
  shared_.finish();
  return shared_.join(left);
}

void Streams::Application::state_changed(runtime::StreamThread&, runtime::ThreadState state) {
  const streams::StreamThreads::Summary threads = threads_.summary();
  if (state == runtime::ThreadState::dead) {
    if (threads.all_dead && state_.get() == StreamsState::pending_error) {
      state_.set(StreamsState::error);
    }
  } else if (threads.any_live) {
    state_.set(threads.all_running ? StreamsState::running : StreamsState::rebalancing);
  }
}

UncaughtExceptionResponse Streams::Application::response_to(std::exception_ptr error) const {
  if (!uncaught_exception_handler_) return UncaughtExceptionResponse::shutdown_client;
  try {
    return uncaught_exception_handler_(error);
  } catch (...) {
    logger().error("the uncaught exception handler threw: " + describe(std::current_exception()));
    return UncaughtExceptionResponse::shutdown_client;
  }
}

void Streams::Application::replace_thread(const std::string& message) {
  try {
    add_thread();
  } catch (const Error& e) {
    logger().error(std::string{"no thread can be started: "} + e.what());
    stop_with_error(message);
  }
}

bool Streams::Application::failed(runtime::StreamThread& thread, std::exception_ptr error) {
  const std::string message = describe(error);
  const UncaughtExceptionResponse response = response_to(error);
  if (response == UncaughtExceptionResponse::replace_thread) {
    logger().error("thread " + thread.name() +
                   " stops, and another one takes its place: " + message);
    replace_thread(message);
    return false;
  }
  const bool for_all = response == UncaughtExceptionResponse::shutdown_application;
  logger().error("thread " + thread.name() + " stops, and the application with it" +
                 (for_all ? ", on every instance: " : ": ") + message);
  stop_with_error(message);
  return for_all;
}

void Streams::Application::global_stores_loaded() {
  logger().info("application " + config_.application_id + ": the global stores are loaded");
}

void Streams::Application::global_thread_failed(std::exception_ptr error) {
  const std::string message = describe(error);
  static_cast<void>(response_to(error));  // it is told; there is no other answer
  logger().error("the global stores cannot go on, and the application with them: " + message);
  stop_with_error(message);
}

void Streams::Application::stop_with_error(const std::string& message) {
  state_.set_error(message);
  state_.set(StreamsState::pending_error);
  threads_.stop_all();
}

void Streams::Application::shutdown_requested(runtime::StreamThread&) {
  const std::string message = "a member of the group asked every instance to stop";
  logger().error(message);
  stop_with_error(message);
}

}  // namespace moldau::inline v0
