#include "kafka/rdkafka/settings.h"

#include "kafka/secrets.h"

#include <array>
#include <charconv>
#include <optional>
#include <span>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

struct Setting {
  const char* name;
  const char* value;
};

// Defaults; the user's settings come over them.
constexpr std::array defaults_of_all{
    // Nagle's algorithm holds small requests back for up to 40 ms. (Off by itself since 2.10.)
    Setting{"socket.nagle.disable", "true"},
    // 10 s, librdkafka's own, would double a short outage of a broker.
    Setting{"reconnect.backoff.max.ms", "1000"},
    Setting{"api.version.request", "true"},
};

constexpr std::array defaults_of_consumers{
    // One fetch may bring much: its cost is per request, on both sides.
    Setting{"fetch.max.bytes", "16777216"},
    Setting{"max.partition.fetch.bytes", "4194304"},
    // Each partition has a queue of its own, and both bounds count per partition. A full queue is
    // looked at again only after a second, so it has to hold what a fast thread does in that time.
    Setting{"queued.min.messages", "200000"},
    Setting{"queued.max.messages.kbytes", "16384"},
    // The pause after a failed fetch, a change of leader among them: 500 ms is librdkafka's.
    Setting{"fetch.error.backoff.ms", "50"},
};

constexpr std::array defaults_of_producers{
    // Java's since Kafka 4.
    Setting{"linger.ms", "5"},
    Setting{"batch.size", "1000000"},
    // The bound in records must not cut batches of small records short before their size does.
    Setting{"batch.num.messages", "20000"},
    // A thread may get this far ahead of the broker before send() says queue_full.
    Setting{"queue.buffering.max.messages", "500000"},
    Setting{"queue.buffering.max.kbytes", "65536"},
    // max.request.size of the Java producer: what it can send, this can.
    Setting{"message.max.bytes", "1048576"},
};

// Not the user's to change: results, or what this adapter is built on, depend on them.
constexpr std::array forced_on_all{
    Setting{"log.queue", "false"},
    Setting{"statistics.interval.ms", "0"},  // nobody reads them, and 2.0.2 has a race there
};

constexpr std::array forced_on_consumers{
    Setting{"enable.auto.commit", "false"},
    // What is not stored is not committed either, by the consumer without a subscription.
    Setting{"enable.auto.offset.store", "false"},
    Setting{"enable.partition.eof", "true"},
    Setting{"auto.offset.reset", "error"},  // is decided per partition, above librdkafka
    Setting{"allow.auto.create.topics", "false"},
};

constexpr std::array forced_on_producers{
    Setting{"enable.idempotence", "true"}, Setting{"acks", "all"},
    Setting{"partitioner", "murmur2_random"},  // the Java producer's
};

// Known to newer versions only; where they are unknown there is nothing to do.
constexpr std::array wanted_if_known{
    Setting{"fetch.queue.backoff.ms", "50"},  // 2.2.0
    Setting{"enable.metrics.push", "false"},  // 2.5.0
};

constexpr std::size_t longest_client_id = 100;  // 2.0.2 crashes at some longer ones

Status refusal(std::string_view name, std::string_view why) {
  std::string message = "setting ";
  message += name;
  message += ": ";
  message += why;
  return Status::permanent(ErrorCode::invalid_request, std::move(message));
}

Status set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value,
           bool secret = false) {
  std::array<char, 512> text{};
  switch (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size())) {
    case RD_KAFKA_CONF_OK:
      return {};
    case RD_KAFKA_CONF_UNKNOWN:
      return refusal(name, std::string{"librdkafka "} + rd_kafka_version_str() +
                               " does not know it; check its name");
    case RD_KAFKA_CONF_INVALID:
      break;
  }
  // The text repeats the value.
  if (secret) return refusal(name, "librdkafka refuses its value (not shown)");
  return refusal(name, text.data());
}

Status set_all(rd_kafka_conf_t* conf, std::span<const Setting> settings) {
  for (const Setting& setting : settings) {
    if (Status status = set(conf, setting.name, setting.value); !status) return status;
  }
  return {};
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Status check_mechanism(const rd_kafka_conf_t* conf) {
  constexpr int first_good_scram = 0x02060100;
  if (rd_kafka_version() >= first_good_scram) return {};
  const std::string protocol = value_in(conf, "security.protocol");
  const std::string mechanism = value_in(conf, "sasl.mechanisms");
  if (!protocol.starts_with("sasl") || !mechanism.starts_with("SCRAM")) return {};
  return refusal("sasl.mechanism",
                 mechanism + " does not work with librdkafka " + rd_kafka_version_str() +
                     " and current brokers: use SASL PLAIN over TLS, mTLS, OAUTHBEARER or "
                     "librdkafka >= 2.6.1");
}

// A transaction ends before its records may time out, and librdkafka refuses the contradiction.
Status cap_message_timeout(rd_kafka_conf_t* conf, const ClientRequest& request) {
  if (request.transactional_id.empty()) return {};
  const auto transaction = number(value_in(conf, "transaction.timeout.ms"));
  const auto message = number(value_in(conf, "message.timeout.ms"));
  if (!transaction || (message && *message > 0 && *message <= *transaction)) return {};
  return set(conf, "message.timeout.ms", std::to_string(*transaction));
}

// Settings that librdkafka wants to be at least another one: the user sets one of a pair, and the
// other one follows.
Status raise_partners(rd_kafka_conf_t* conf, const ClientSettings& settings) {
  struct Pair {
    const char* setting;
    const char* at_least;
    std::int64_t more;
  };
  constexpr std::array pairs{Pair{"reconnect.backoff.max.ms", "reconnect.backoff.ms", 0},
                             Pair{"receive.message.max.bytes", "fetch.max.bytes", 512}};
  for (const Pair& pair : pairs) {
    if (settings.contains(pair.setting)) continue;
    const auto value = number(value_in(conf, pair.setting));
    const auto least = number(value_in(conf, pair.at_least));
    if (!value || !least || *value >= *least + pair.more) continue;
    if (Status status = set(conf, pair.setting, std::to_string(*least + pair.more)); !status) {
      return status;
    }
  }
  return {};
}

Status apply_role(rd_kafka_conf_t* conf, const ClientRequest& request) {
  if (Status status = set_all(conf, forced_on_all); !status) return status;
  if (!request.client_id.empty()) {
    if (Status status = set(conf, "client.id", request.client_id.substr(0, longest_client_id));
        !status) {
      return status;
    }
  }
  if (request.role == Role::producer) {
    if (Status status = set_all(conf, forced_on_producers); !status) return status;
    const char* only_failures = request.reports_acks ? "false" : "true";
    if (Status status = set(conf, "delivery.report.only.error", only_failures); !status) {
      return status;
    }
    if (!request.transactional_id.empty()) {
      if (Status status = set(conf, "transactional.id", request.transactional_id); !status) {
        return status;
      }
    }
    return cap_message_timeout(conf, request);
  }
  if (request.role == Role::consumer) {
    if (Status status = set_all(conf, forced_on_consumers); !status) return status;
    if (!request.group_id.empty()) {
      if (Status status = set(conf, "group.id", request.group_id); !status) return status;
    }
  }
  return set(
      conf, "isolation.level",
      request.isolation == Isolation::read_committed ? "read_committed" : "read_uncommitted");
}

std::span<const Setting> defaults_of(Role role) {
  switch (role) {
    case Role::consumer:
      return defaults_of_consumers;
    case Role::producer:
      return defaults_of_producers;
    case Role::admin:
      break;
  }
  return {};
}

}  // namespace

Result<ConfPtr> make_conf(const ClientRequest& request, const ClientSettings& settings) {
  ConfPtr conf{rd_kafka_conf_new()};
  if (Status status = set_all(conf.get(), defaults_of_all); !status) return status;
  if (Status status = set_all(conf.get(), defaults_of(request.role)); !status) return status;
  for (const Setting& setting : wanted_if_known) {
    rd_kafka_conf_set(conf.get(), setting.name, setting.value, nullptr, 0);
  }
  for (const auto& [name, value] : settings) {
    // An id of a group or a transaction is never taken from there: they come with the request.
    if (name == "group.id" || name == "transactional.id" || name == "group.instance.id") continue;
    if (name == secret_settings) continue;
    if (Status status = set(conf.get(), name, value, is_secret(name, settings)); !status) {
      return status;
    }
  }
  if (Status status = raise_partners(conf.get(), settings); !status) return status;
  const auto servers = settings.find("bootstrap.servers");
  if (servers == settings.end() || servers->second.empty()) {
    return refusal("bootstrap.servers", "expected host:port of at least one broker, found none");
  }
  if (Status status = apply_role(conf.get(), request); !status) return status;
  if (Status status = check_mechanism(conf.get()); !status) return status;
  return conf;
}

std::string value_in(const rd_kafka_conf_t* conf, std::string_view name) {
  std::array<char, 512> value{};
  std::size_t size = value.size();
  const std::string key{name};
  if (rd_kafka_conf_get(conf, key.c_str(), value.data(), &size) != RD_KAFKA_CONF_OK) return {};
  return value.data();
}

}  // namespace moldau::inline v0::kafka::rdkafka
