#include "streams/thread_options.h"

#include "moldau/topology/subscription.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace moldau::inline v0::streams {

namespace {

constexpr std::chrono::milliseconds default_rebalance_timeout{300'000};
constexpr std::string_view default_transaction_timeout = "10000";

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

bool writes_changelogs(const topology::TopologyPlan& plan) {
  return std::ranges::any_of(plan.stores,
                             [](const topology::StorePlan& store) { return store.spec.logging; });
}

}  // namespace

kafka::ClientSettings settings_for(const Config& config, ClientRole role) {
  kafka::ClientSettings settings = translate(config.clients, role).settings;
  settings.insert_or_assign("bootstrap.servers", config.bootstrap_servers);
  // After a crash a changelog may end with an aborted transaction, of which a reader of committed
  // records sees nothing: that it is at the end it hears with the next answer, which brokers hold
  // back for 500 ms by default. That would be most of a restart.
  if (role == ClientRole::restore_consumer) settings.emplace("fetch.wait.max.ms", "100");
  return settings;
}

kafka::Isolation isolation(const Config& config,
                           const std::map<std::string, std::string>& settings) {
  const auto asked = settings.find("isolation.level");
  const bool committed =
      config.exactly_once() || (asked != settings.end() && asked->second == "read_committed");
  return committed ? kafka::Isolation::read_committed : kafka::Isolation::read_uncommitted;
}

runtime::ThreadOptions thread_options(const Config& config, const topology::TopologyPlan& plan,
                                      const std::string& client, const std::string& process_id,
                                      int index) {
  const std::string name = client + "-StreamThread-" + std::to_string(index);
  const TranslatedSettings consumer = translate(config.clients, ClientRole::main_consumer);
  kafka::ClientSettings producer = settings_for(config, ClientRole::producer);
  std::string transactional_id;
  if (config.exactly_once()) {
    transactional_id = config.application_id + "-" + process_id + "-" + std::to_string(index);
    producer.emplace("transaction.timeout.ms", default_transaction_timeout);
  }
  const auto transaction_timeout =
      std::chrono::milliseconds{number_or(producer, "transaction.timeout.ms", 10'000)};
  const auto rebalance_timeout = std::chrono::milliseconds{
      number_or(consumer.ours, "max.poll.interval.ms", default_rebalance_timeout.count())};

  return {.name = name,
          .exactly_once = config.exactly_once(),
          .group = config.application_id,
          .consumer = {.client_id = name + "-consumer",
                       .group_id = config.application_id,
                       .isolation = isolation(config, consumer.ours),
                       .max_poll_records = static_cast<std::size_t>(
                           number_or(consumer.ours, "max.poll.records",
                                     static_cast<std::int64_t>(default_poll_records))),
                       .settings = settings_for(config, ClientRole::main_consumer)},
          .producer = {.client_id = name + "-producer",
                       .transactional_id = transactional_id,
                       .reports_acks = writes_changelogs(plan),
                       .settings = std::move(producer)},
          .membership = {.group_id = config.application_id,
                         .client_id = name + "-consumer",
                         .process_id = process_id,
                         .member_id = process_id + "-" + std::to_string(index),
                         .rebalance_timeout = rebalance_timeout,
                         .settings = settings_for(config, ClientRole::main_consumer),
                         .on_event = {}},
          .subscription = topology::make_subscription(
              plan, config.application_id,
              {.replication = config.replication_factor,
               .config = topic_settings(config.clients),
               .additional_retention = config.windowstore_changelog_additional_retention}),
          .tasks = {.reset = parse_reset(config.auto_offset_reset),
                    .buffered_records = config.buffered_records_per_partition},
          .commit_interval = config.effective_commit_interval(),
          .transaction_timeout = transaction_timeout,
          .poll_wait = config.poll_wait,
          .task_timeout = config.task_timeout,
          .max_uncommitted_bytes = config.state_uncommitted_max_bytes};
}

}  // namespace moldau::inline v0::streams
