#include "moldau/streams/config.h"

#include "moldau/base/error.h"

#include "kafka/secrets.h"
#include "kafka/wire/security_settings.h"
#include "streams/client_settings.h"
#include "streams/config_keys.h"
#include "streams/config_values.h"
#include "streams/properties_file.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <stdexcept>

namespace moldau::inline v0 {

namespace {

using streams::ClientRole;

// Characters that are safe in topic names and file names alike.
bool valid_application_id(std::string_view id) {
  const auto valid = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return !id.empty() && id.size() <= 200 && id != "." && id != ".." &&
         std::ranges::all_of(id, valid);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  - " + line;
  return text;
}

constexpr std::string_view app_prefix = "app.";

// Why a key cannot be set; empty if it was.
std::string try_set(Config& config, std::string_view key, std::string_view value) {
  const std::string name{key};
  if (const streams::ConfigKey* known = streams::find_config_key(key)) {
    try {
      known->apply(config, value);
      return {};
    } catch (const std::invalid_argument& e) {
      return name + ": expected " + e.what() + "; found " + kafka::shown(key, value);
    }
  }
  if (const streams::RefusedKey* refused = streams::find_refused_key(key)) {
    return name + " is not supported: " + std::string{refused->why};
  }
  if (key.starts_with(app_prefix)) {
    config.app.insert_or_assign(name.substr(app_prefix.size()), std::string{value});
    return {};
  }
  if (streams::is_client_key(key)) {
    config.clients.insert_or_assign(name, std::string{value});
    return {};
  }
  const std::string nearest = streams::nearest_key(key);
  return name + " is unknown" +
         (nearest.empty() ? "; settings of clients need a prefix (consumer., producer., admin.)"
                          : "; did you mean " + nearest + "?");
}

template <class Handler>
Handler continuing() {
  return [](const ErrorContext&, const auto&) {
    return ErrorAnswer::with_usual_letter(ErrorResponse::resume);
  };
}

}  // namespace

Config& Config::set(std::string_view key, std::string_view value) {
  if (const std::string problem = try_set(*this, key, value); !problem.empty()) {
    throw ConfigError(problem);
  }
  return *this;
}

Config Config::from_properties(const std::filesystem::path& file) {
  Config config;
  std::vector<std::string> problems;
  for (const streams::Property& property : streams::read_properties(file)) {
    if (const std::string problem = try_set(config, property.key, property.value);
        !problem.empty()) {
      problems.push_back("line " + std::to_string(property.line) + ": " + problem);
    }
  }
  if (!problems.empty()) {
    throw ConfigError(file.string() + " cannot be used:" + joined(problems));
  }
  return config;
}

std::vector<std::string> Config::problems() const {
  std::vector<std::string> problems;
  const auto require = [&](bool holds, std::string problem) {
    if (!holds) problems.push_back(std::move(problem));
  };
  if (application_id.empty()) {
    problems.emplace_back("application.id is missing: it names the application and its group");
  } else {
    require(valid_application_id(application_id),
            "application.id: \"" + application_id +
                "\" is not a name: 1 to 200 of letters, digits, `.`, `_` and `-` are expected");
  }
  require(
      num_stream_threads >= 1 && num_stream_threads <= 1024,
      "num.stream.threads: 1 to 1024 are expected, found " + std::to_string(num_stream_threads));
  require(effective_commit_interval().count() >= 0, "commit.interval.ms must not be negative");
  require(client_id.size() <= 100, "client.id: at most 100 characters are expected");
  require(replication_factor == -1 || replication_factor >= 1,
          "replication.factor: -1, or 1 and more are expected");
  require(buffered_records_per_partition >= 1, "buffered.records.per.partition must be at least 1");
  require(state_uncommitted_max_bytes >= 1, "state.uncommitted.max.bytes must be at least 1");
  require(auto_offset_reset == "earliest" || auto_offset_reset == "latest" ||
              auto_offset_reset == "none",
          "auto.offset.reset: earliest, latest or none is expected, found \"" + auto_offset_reset +
              "\"");
  require(
      num_standby_replicas >= 0 && num_standby_replicas <= 100,
      "num.standby.replicas: 0 to 100 are expected, found " + std::to_string(num_standby_replicas));
  require(num_standby_replicas == 0 || group_protocol != GroupProtocol::streams,
          "num.standby.replicas: with group.protocol=streams the broker decides: set "
          "streams.num.standby.replicas of the group instead (docs/running.md)");
  require(outer_join_emit_interval.value_or(std::chrono::milliseconds{0}).count() >= 0,
          "__emit.interval.ms.kstreams.outer.join.spurious.results.fix__ must not be negative");
  require(poll_wait.count() >= 0, "poll.ms must not be negative");
  require(task_timeout.count() >= 0, "task.timeout.ms must not be negative");

  std::set<std::string> of_clients;  // a setting without a prefix is looked at once per role
  for (const ClientRole role :
       {ClientRole::main_consumer, ClientRole::restore_consumer, ClientRole::global_consumer,
        ClientRole::producer, ClientRole::admin}) {
    const streams::TranslatedSettings translated = streams::translate(clients, role);
    of_clients.insert(translated.problems.begin(), translated.problems.end());
    for (const auto& [key, value] : translated.ours) {
      if (key == "isolation.level") {
        if (value != "read_committed" && value != "read_uncommitted") {
          of_clients.insert(key + ": read_committed or read_uncommitted is expected, found \"" +
                            value + "\"");
        }
        continue;
      }
      try {
        static_cast<void>(streams::parse_integer<std::int64_t>(value, 1));
      } catch (const std::invalid_argument& e) {
        of_clients.insert(key + ": expected " + e.what() + "; found " + kafka::shown(key, value));
      }
    }
    if (const auto security =
            kafka::wire::security_settings(translated.settings, oauthbearer_tokens);
        !security) {
      of_clients.insert(std::string{security.error().message()});
    }
    if (role != ClientRole::producer || !exactly_once()) continue;
    if (const auto timeout = translated.settings.find("transaction.timeout.ms");
        timeout != translated.settings.end()) {
      try {
        require(streams::parse_milliseconds(timeout->second) >= effective_commit_interval(),
                "producer.transaction.timeout.ms must not be smaller than commit.interval.ms: the "
                "broker would abort every transaction before it is committed");
      } catch (const std::invalid_argument& e) {
        of_clients.insert(std::string{"producer.transaction.timeout.ms: expected "} + e.what());
      }
    } else {
      require(effective_commit_interval() <= std::chrono::milliseconds{10'000},
              "commit.interval.ms is longer than the transaction timeout of 10 s: set "
              "producer.transaction.timeout.ms higher than it");
    }
  }
  problems.insert(problems.end(), of_clients.begin(), of_clients.end());
  return problems;
}

DeserializationExceptionHandler continue_on_deserialization_error() {
  return continuing<DeserializationExceptionHandler>();
}
ProcessingExceptionHandler continue_on_processing_error() {
  return continuing<ProcessingExceptionHandler>();
}
ProductionExceptionHandler continue_on_production_error() {
  return continuing<ProductionExceptionHandler>();
}

}  // namespace moldau::inline v0
