#include "streams/application.h"

#include "moldau/base/error.h"
#include "moldau/processor/error_handlers.h"
#include "moldau/topology/subscription.h"

#include "streams/client_settings.h"
#include "streams/topology_check.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace moldau::inline v0 {

namespace {

using streams::ClientRole;
using streams::TranslatedSettings;

constexpr std::chrono::milliseconds forget_timeout{2'000};
constexpr std::chrono::milliseconds default_rebalance_timeout{300'000};
constexpr std::chrono::milliseconds list_timeout{30'000};
constexpr std::size_t default_poll_records = 1000;
// Of emit-on-close aggregations.
constexpr std::chrono::milliseconds default_final_results_interval{1000};
constexpr std::string_view default_transaction_timeout = "10000";

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

kafka::OffsetReset parse_reset(std::string_view text) {
  if (text == "latest") return kafka::OffsetReset::latest;
  if (text == "none") return kafka::OffsetReset::error;
  return kafka::OffsetReset::earliest;
}

// problems() has read these values before: they are numbers.
std::int64_t number_or(const std::map<std::string, std::string>& values, const std::string& key,
                       std::int64_t fallback) {
  const auto found = values.find(key);
  return found == values.end() ? fallback : std::stoll(found->second);
}

kafka::ClientSettings settings_for(const Config& config, ClientRole role) {
  kafka::ClientSettings settings = streams::translate(config.clients, role).settings;
  settings.insert_or_assign("bootstrap.servers", config.bootstrap_servers);
  return settings;
}

// As in the reference: without exactly-once an open transaction's records are read at once,
// although they may be aborted later, unless the user asks for committed ones.
kafka::Isolation isolation(const Config& config,
                           const std::map<std::string, std::string>& settings) {
  const auto asked = settings.find("isolation.level");
  const bool committed =
      config.exactly_once() || (asked != settings.end() && asked->second == "read_committed");
  return committed ? kafka::Isolation::read_committed : kafka::Isolation::read_uncommitted;
}

bool has_persistent_store(const topology::TopologyPlan& plan) {
  return std::ranges::any_of(plan.stores, [](const topology::StorePlan& store) {
    return store.spec.type == StoreType::rocksdb;
  });
}

bool writes_changelogs(const topology::TopologyPlan& plan) {
  return std::ranges::any_of(plan.stores,
                             [](const topology::StorePlan& store) { return store.spec.logging; });
}

}  // namespace

Streams::Application::Application(Topology topology, Config config, const Environment& environment,
                                  std::shared_ptr<void> owned)
    : topology_(std::move(topology)),
      config_(checked(std::move(config), topology_)),
      owned_environment_(std::move(owned)),
      environment_(environment),
      state_(*config_.logger) {
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

Streams::Application::~Application() { close(std::chrono::milliseconds::max()); }

void Streams::Application::set_state_listener(StateListener listener) {
  state_.set_listener(std::move(listener));
}

void Streams::Application::set_restore_listener(StateRestoreListener* listener) {
  restore_listener_ = listener;
}

std::string Streams::Application::client_name() const {
  return config_.client_id.empty() ? config_.application_id + "-" + directory_->process_id()
                                   : config_.client_id;
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
                                  .settings = settings_for(config_, ClientRole::admin)};
  topics_ = std::make_unique<runtime::TopicDirectory>(environment_.clients, admin);
  if (topology_.plan().has_pattern_sources()) resolve_patterns();
  restorer_ = std::make_unique<runtime::Restorer>(
      environment_.clients,
      runtime::Restorer::Options{
          .consumer = {.client_id = client + "-restore-consumer",
                       .group_id = {},
                       .isolation = kafka::Isolation::read_committed,
                       .max_poll_records = default_poll_records,
                       .settings = settings_for(config_, ClientRole::restore_consumer)},
          .admin = admin,
          .rebuild_truncated = config_.changelog_truncated == TruncatedChangelog::rebuild,
          .listener = restore_listener_},
      environment_.clock, config_.logger, metrics_);
  if (!topology_.plan().repartition_topics.empty()) {
    purger_ = std::make_unique<runtime::RepartitionPurger>(
        *topics_, config_.repartition_purge_interval, environment_.clock, config_.logger);
  }
  forget_surplus_members();
  directory_->remember_threads(config_.num_stream_threads);
  if (topology_.plan().has_global_stores()) make_global_thread(admin);
  make_threads();

  state_.set(StreamsState::rebalancing);
  restorer_handle_ = environment_.workers.start(*restorer_, "moldau-restore");
  if (purger_ != nullptr) purger_handle_ = environment_.workers.start(*purger_, "moldau-purge");
  if (global_ != nullptr) global_handle_ = environment_.workers.start(*global_, "moldau-global");
  alive_.store(threads_.size());
  for (Thread& thread : threads_) {
    thread.handle = environment_.workers.start(*thread.thread, thread.thread->name());
  }
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

runtime::ThreadOptions Streams::Application::thread_options(int index) const {
  const std::string client = client_name();
  const std::string name = client + "-StreamThread-" + std::to_string(index);
  const TranslatedSettings consumer =
      streams::translate(config_.clients, ClientRole::main_consumer);
  kafka::ClientSettings producer = settings_for(config_, ClientRole::producer);
  std::string transactional_id;
  if (config_.exactly_once()) {
    transactional_id =
        config_.application_id + "-" + directory_->process_id() + "-" + std::to_string(index);
    producer.emplace("transaction.timeout.ms", default_transaction_timeout);
  }
  const auto transaction_timeout =
      std::chrono::milliseconds{number_or(producer, "transaction.timeout.ms", 10'000)};
  const auto rebalance_timeout = std::chrono::milliseconds{
      number_or(consumer.ours, "max.poll.interval.ms", default_rebalance_timeout.count())};

  return {.name = name,
          .exactly_once = config_.exactly_once(),
          .group = config_.application_id,
          .consumer = {.client_id = name + "-consumer",
                       .group_id = config_.application_id,
                       .isolation = isolation(config_, consumer.ours),
                       .max_poll_records = static_cast<std::size_t>(
                           number_or(consumer.ours, "max.poll.records",
                                     static_cast<std::int64_t>(default_poll_records))),
                       .settings = settings_for(config_, ClientRole::main_consumer)},
          .producer = {.client_id = name + "-producer",
                       .transactional_id = transactional_id,
                       .reports_acks = writes_changelogs(topology_.plan()),
                       .settings = std::move(producer)},
          .membership = {.group_id = config_.application_id,
                         .client_id = name + "-consumer",
                         .process_id = directory_->process_id(),
                         .member_id = directory_->process_id() + "-" + std::to_string(index),
                         .rebalance_timeout = rebalance_timeout,
                         .settings = settings_for(config_, ClientRole::main_consumer),
                         .on_event = {}},
          .subscription = topology::make_subscription(
              topology_.plan(), config_.application_id,
              {.replication = config_.replication_factor,
               .config = streams::topic_settings(config_.clients),
               .additional_retention = config_.windowstore_changelog_additional_retention}),
          .tasks = {.reset = parse_reset(config_.auto_offset_reset),
                    .buffered_records = config_.buffered_records_per_partition},
          .commit_interval = config_.effective_commit_interval(),
          .transaction_timeout = transaction_timeout,
          .poll_wait = config_.poll_wait,
          .task_timeout = config_.task_timeout,
          .max_uncommitted_bytes = config_.state_uncommitted_max_bytes};
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
  global_ = std::make_unique<runtime::GlobalThread>(
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
          .topology = topology_.shared_plan(),
          .application_id = config_.application_id,
          .state_dir = directory_->path(),
          .app_configs = config_.app,
          .timestamp_policy = config_.default_timestamp_extractor,
          .semantics = config_.semantics,
          .processor_wrapper = config_.processor_wrapper},
      runtime::GlobalThread::Options{
          .name = client + "-GlobalStreamThread",
          .consumer = {.client_id = client + "-global-consumer",
                       .group_id = {},
                       .isolation = isolation(config_, consumer.ours),
                       .max_poll_records = default_poll_records,
                       .settings = settings_for(config_, ClientRole::global_consumer)},
          .admin = admin,
          .listener = restore_listener_,
          .commit_interval = config_.effective_commit_interval(),
          .poll_wait = config_.poll_wait,
          .max_uncommitted_bytes = config_.state_uncommitted_max_bytes,
          .task_timeout = config_.task_timeout},
      observer);
}

void Streams::Application::make_threads() {
  const std::shared_ptr<const topology::TopologyPlan> plan = topology_.shared_plan();
  runtime::ThreadObserver& observer = *this;  // the conversion is private
  const auto count = static_cast<std::size_t>(config_.num_stream_threads);
  for (int index = 1; index <= config_.num_stream_threads; ++index) {
    Thread thread;
    thread.stores = std::make_unique<runtime::ThreadStores>(
        *directory_, environment_.storage, config_.statestore_cache_max_bytes / count,
        config_.semantics, config_.logger, metrics_);
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
            .topology = plan,
            .topics = *topics_,
            .restorer = *restorer_,
            .wake_restorer = [this] { restorer_handle_->wake(); },
            .purger = purger_.get(),
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
            .globals = global_.get()},
        thread_options(index), observer);
    threads_.push_back(std::move(thread));
  }
}

bool Streams::Application::close(std::chrono::milliseconds timeout) {
  const std::lock_guard lock{closing_};
  state_.set(StreamsState::pending_shutdown);
  stop_threads();
  if (!join_all(timeout)) return false;
  threads_.clear();
  global_.reset();
  purger_.reset();
  restorer_.reset();
  topics_.reset();
  directory_.reset();  // unlocks the folder
  // What has failed stays in its state.
  if (state_.get() == StreamsState::pending_shutdown) state_.set(StreamsState::not_running);
  return true;
}

void Streams::Application::stop_threads() {
  for (Thread& thread : threads_) thread.thread->request_stop();
}

void Streams::Application::stop_workers() {
  if (restorer_ != nullptr) restorer_->finish();
  if (restorer_handle_ != nullptr) restorer_handle_->wake();
  if (global_ != nullptr) global_->request_stop();
  if (global_handle_ != nullptr) global_handle_->wake();
  if (purger_ != nullptr) purger_->finish();
  if (purger_handle_ != nullptr) purger_handle_->wake();
}

// Threads first: they may have tasks with the restorer, and ask for them back.
bool Streams::Application::join_all(std::chrono::milliseconds timeout) {
  using std::chrono::milliseconds;
  constexpr milliseconds for_ever = std::chrono::hours{24 * 365};
  const Clock::Steady until = environment_.clock.steady() + std::min(timeout, for_ever);
  const auto left = [&] {
    return std::max(milliseconds::zero(),
                    std::chrono::ceil<milliseconds>(until - environment_.clock.steady()));
  };
  for (Thread& thread : threads_) {
    if (thread.handle != nullptr && !thread.handle->join(left())) return false;
  }
  stop_workers();
  for (std::unique_ptr<WorkerHandle>* handle :
       {&global_handle_, &restorer_handle_, &purger_handle_}) {
    if (*handle != nullptr && !(*handle)->join(left())) return false;
    handle->reset();
  }
  return true;
}

void Streams::Application::state_changed(runtime::StreamThread&, runtime::ThreadState state) {
  using runtime::ThreadState;
  if (state == ThreadState::dead) return thread_died();
  bool all_running = true;
  bool any_live = false;
  for (const Thread& thread : threads_) {
    const ThreadState now = thread.thread->state();
    if (now == ThreadState::pending_shutdown || now == ThreadState::dead) continue;
    any_live = true;
    all_running = all_running && now == ThreadState::running;
  }
  if (any_live) state_.set(all_running ? StreamsState::running : StreamsState::rebalancing);
}

void Streams::Application::failed(runtime::StreamThread& thread, std::exception_ptr error) {
  const std::string message = describe(error);
  logger().error("thread " + thread.name() + " stops, and the application with it: " + message);
  stop_with_error(message);
}

void Streams::Application::global_stores_loaded() {
  logger().info("application " + config_.application_id + ": the global stores are loaded");
}

void Streams::Application::global_thread_failed(std::exception_ptr error) {
  const std::string message = describe(error);
  logger().error("the global stores cannot go on, and the application with them: " + message);
  stop_with_error(message);
}

void Streams::Application::stop_with_error(const std::string& message) {
  state_.set_error(message);
  state_.set(StreamsState::pending_error);
  stop_threads();
}

void Streams::Application::shutdown_requested(runtime::StreamThread&) {
  const std::string message = "a member of the group asked every instance to stop";
  logger().error(message);
  stop_with_error(message);
}

void Streams::Application::thread_died() {
  if (alive_.fetch_sub(1) == 1 && state_.get() == StreamsState::pending_error) {
    state_.set(StreamsState::error);
  }
}

}  // namespace moldau::inline v0
