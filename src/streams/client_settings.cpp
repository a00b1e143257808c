#include "streams/client_settings.h"

#include "kafka/secrets.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace moldau::inline v0::streams {

namespace {

using How = ClientSetting::How;
using Of = ClientSetting::Of;

constexpr std::string_view pem_only =
    "refused: give PEM: ssl.ca.location, ssl.certificate.location, ssl.key.location";
constexpr std::string_view no_jaas =
    "refused: set sasl.username and sasl.password, or Config::oauthbearer_tokens";
constexpr std::string_view no_kerberos = "refused: Kerberos (GSSAPI) is not supported";

const std::array known_settings{
    ClientSetting{"acks", Of::producer, "acks", How::forced,
                  "all, or a failure could lose results"},
    ClientSetting{"batch.size", Of::producer, "batch.size"},
    ClientSetting{"buffer.memory", Of::producer, "queue.buffering.max.kbytes", How::bytes_to_kib,
                  "in KiB there"},
    ClientSetting{"check.crcs", Of::consumer, "check.crcs"},
    ClientSetting{"client.dns.lookup", Of::all, "client.dns.lookup"},
    ClientSetting{"client.rack", Of::all, "client.rack"},
    ClientSetting{"compression.type", Of::producer, "compression.codec"},
    ClientSetting{"connections.max.idle.ms", Of::all, "connections.max.idle.ms"},
    ClientSetting{"connections.max.reauth.ms", Of::all, "", How::refused,
                  "refused: a setting of the brokers"},
    ClientSetting{"delivery.timeout.ms", Of::producer, "message.timeout.ms"},
    ClientSetting{"enable.auto.commit", Of::consumer, "enable.auto.commit", How::forced,
                  "false: the library commits"},
    ClientSetting{"enable.idempotence", Of::producer, "enable.idempotence", How::forced, "true"},
    ClientSetting{"fetch.max.bytes", Of::consumer, "fetch.max.bytes"},
    ClientSetting{"fetch.max.wait.ms", Of::consumer, "fetch.wait.max.ms"},
    ClientSetting{"fetch.min.bytes", Of::consumer, "fetch.min.bytes"},
    ClientSetting{"group.id", Of::consumer, "group.id", How::forced, "the application id"},
    ClientSetting{"group.instance.id", Of::consumer, "", How::refused,
                  "refused: the library names its members itself, by the process id in state.dir"},
    ClientSetting{"interceptor.classes", Of::all, "", How::refused,
                  "refused: wrap the clients in an Environment of your own"},
    ClientSetting{"isolation.level", Of::consumer, "", How::ours,
                  "the library's: read_committed (always, with exactly-once) or read_uncommitted"},
    ClientSetting{"key.deserializer", Of::consumer, "", How::refused,
                  "refused: the type of the key chooses its serde"},
    ClientSetting{"key.serializer", Of::producer, "", How::refused,
                  "refused: the type of the key chooses its serde"},
    ClientSetting{"linger.ms", Of::producer, "linger.ms"},
    ClientSetting{"max.block.ms", Of::producer, "", How::refused,
                  "refused: a full queue is waited for until the application stops"},
    ClientSetting{"max.in.flight.requests.per.connection", Of::producer,
                  "max.in.flight.requests.per.connection"},
    ClientSetting{"max.partition.fetch.bytes", Of::consumer, "max.partition.fetch.bytes"},
    ClientSetting{"max.poll.interval.ms", Of::consumer, "", How::ours,
                  "the library's: how long the group waits for a commit in a rebalance"},
    ClientSetting{"max.poll.records", Of::consumer, "", How::ours,
                  "the library's: records of one poll"},
    ClientSetting{"max.request.size", Of::producer, "message.max.bytes"},
    ClientSetting{"metadata.max.age.ms", Of::all, "topic.metadata.refresh.interval.ms"},
    ClientSetting{"partitioner.class", Of::producer, "", How::refused,
                  "refused: set the partitioner of a sink or a repartition topic"},
    ClientSetting{"receive.buffer.bytes", Of::all, "socket.receive.buffer.bytes"},
    ClientSetting{"reconnect.backoff.max.ms", Of::all, "reconnect.backoff.max.ms"},
    ClientSetting{"reconnect.backoff.ms", Of::all, "reconnect.backoff.ms"},
    ClientSetting{"request.timeout.ms", Of::all, "socket.timeout.ms"},
    ClientSetting{"retries", Of::producer, "retries"},
    ClientSetting{"retry.backoff.ms", Of::all, "retry.backoff.ms"},
    ClientSetting{"sasl.client.callback.handler.class", Of::all, "", How::refused, no_jaas},
    ClientSetting{"sasl.jaas.config", Of::all, "", How::refused, no_jaas},
    ClientSetting{"sasl.kerberos.service.name", Of::all, "", How::refused, no_kerberos},
    ClientSetting{"sasl.login.callback.handler.class", Of::all, "", How::refused, no_jaas},
    ClientSetting{"sasl.login.class", Of::all, "", How::refused, no_jaas},
    ClientSetting{"sasl.mechanism", Of::all, "sasl.mechanisms"},
    ClientSetting{"sasl.oauthbearer.token.endpoint.url", Of::all, "", How::refused,
                  "refused: fetch tokens in your own code, set Config::oauthbearer_tokens"},
    ClientSetting{"security.protocol", Of::all, "security.protocol"},
    ClientSetting{"send.buffer.bytes", Of::all, "socket.send.buffer.bytes"},
    ClientSetting{"session.timeout.ms", Of::consumer, "", How::ours,
                  "the library's, in a classic group; a streams group has it from the broker "
                  "(streams.session.timeout.ms)"},
    ClientSetting{"heartbeat.interval.ms", Of::consumer, "", How::ours,
                  "the library's, in a classic group; a streams group has it from the broker "
                  "(streams.heartbeat.interval.ms)"},
    ClientSetting{"ssl.cipher.suites", Of::all, "ssl.cipher.suites", How::same_value,
                  "in OpenSSL's notation"},
    ClientSetting{"ssl.enabled.protocols", Of::all, "", How::refused,
                  "refused: TLS 1.2 and newer are spoken"},
    ClientSetting{"ssl.endpoint.identification.algorithm", Of::all,
                  "ssl.endpoint.identification.algorithm", How::same_value,
                  "https or none, which is Java's empty text"},
    ClientSetting{"ssl.engine.factory.class", Of::all, "", How::refused,
                  "refused: TLS is OpenSSL's"},
    ClientSetting{"ssl.key.password", Of::all, "ssl.key.password", How::same_value,
                  "of the file at ssl.key.location"},
    ClientSetting{"ssl.keystore.certificate.chain", Of::all, "ssl.certificate.pem"},
    ClientSetting{"ssl.keystore.key", Of::all, "ssl.key.pem"},
    ClientSetting{"ssl.keystore.location", Of::all, "", How::refused, pem_only},
    ClientSetting{"ssl.keystore.password", Of::all, "", How::refused, pem_only},
    ClientSetting{"ssl.keystore.type", Of::all, "", How::refused, pem_only},
    ClientSetting{"ssl.protocol", Of::all, "", How::refused,
                  "refused: TLS 1.2 and newer are spoken"},
    ClientSetting{"ssl.provider", Of::all, "", How::refused, "refused: TLS is OpenSSL's"},
    ClientSetting{"ssl.truststore.certificates", Of::all, "ssl.ca.pem"},
    ClientSetting{"ssl.truststore.location", Of::all, "", How::refused, pem_only},
    ClientSetting{"ssl.truststore.password", Of::all, "", How::refused, pem_only},
    ClientSetting{"ssl.truststore.type", Of::all, "", How::refused, pem_only},
    ClientSetting{"transaction.timeout.ms", Of::producer, "transaction.timeout.ms"},
    ClientSetting{"transactional.id", Of::producer, "transactional.id", How::forced,
                  "<application.id>-<process id>-<thread>"},
    ClientSetting{"value.deserializer", Of::consumer, "", How::refused,
                  "refused: the type of the value chooses its serde"},
    ClientSetting{"value.serializer", Of::producer, "", How::refused,
                  "refused: the type of the value chooses its serde"},
};

constexpr std::array security_settings{
    SecuritySetting{"ssl.ca.location",
                    "the CA of the brokers' certificates: a file or folder in PEM;"
                    " without it, those of the system"},
    SecuritySetting{"ssl.ca.pem", "the same, in place"},
    SecuritySetting{"ssl.certificate.location", "our own certificate and its chain, in PEM"},
    SecuritySetting{"ssl.certificate.pem", "the same, in place"},
    SecuritySetting{"ssl.key.location", "the key of that certificate, in PEM"},
    SecuritySetting{"ssl.key.pem", "the same, in place"},
    SecuritySetting{"ssl.crl.location", "revocation lists, in PEM"},
    SecuritySetting{"ssl.curves.list", "in OpenSSL's notation"},
    SecuritySetting{"ssl.sigalgs.list", "in OpenSSL's notation"},
    SecuritySetting{"enable.ssl.certificate.verification", "false: any certificate is taken"},
    SecuritySetting{"sasl.username", "of PLAIN and SCRAM"},
    SecuritySetting{"sasl.password", "of PLAIN and SCRAM"},
    SecuritySetting{"enable.sasl.oauthbearer.unsecure.jwt",
                    "true: tokens without a signature, for tests"},
    SecuritySetting{"sasl.oauthbearer.config", "what such a token says: `principal=admin`"},
};

constexpr std::string_view endpoint_identification = "ssl.endpoint.identification.algorithm";
constexpr std::string_view consumer_prefix = "consumer.";
constexpr std::string_view main_prefix = "main.consumer.";
constexpr std::string_view restore_prefix = "restore.consumer.";
constexpr std::string_view global_prefix = "global.consumer.";
constexpr std::string_view producer_prefix = "producer.";
constexpr std::string_view admin_prefix = "admin.";
constexpr std::string_view topic_prefix = "topic.";
constexpr std::array prefixes{consumer_prefix, main_prefix,  restore_prefix, global_prefix,
                              producer_prefix, admin_prefix, topic_prefix};

const ClientSetting* find(std::string_view name) {
  const auto* found = std::ranges::find_if(known_settings, [name](const ClientSetting& setting) {
    return setting.java == name || (setting.rdkafka == name && !name.empty());
  });
  return found == known_settings.end() ? nullptr : found;
}

bool has_prefix(std::string_view key) {
  return std::ranges::any_of(prefixes,
                             [key](std::string_view prefix) { return key.starts_with(prefix); });
}

// The prefixes a role listens to, least specific first.
std::vector<std::string_view> prefixes_of(ClientRole role) {
  switch (role) {
    case ClientRole::main_consumer:
      return {consumer_prefix, main_prefix};
    case ClientRole::restore_consumer:
      return {consumer_prefix, restore_prefix};
    case ClientRole::global_consumer:
      return {consumer_prefix, global_prefix};
    case ClientRole::producer:
      return {producer_prefix};
    case ClientRole::admin:
      return {admin_prefix};
  }
  return {};
}

bool fits(const ClientSetting& setting, ClientRole role) {
  switch (setting.of) {
    case Of::all:
      return true;
    case Of::producer:
      return role == ClientRole::producer;
    case Of::consumer:
      return role != ClientRole::producer && role != ClientRole::admin;
  }
  return true;
}

std::optional<std::string> kib(std::string_view bytes) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
  if (bytes.empty() || error != std::errc{} || stop != bytes.data() + bytes.size()) {
    return std::nullopt;
  }
  return std::to_string(std::max<std::uint64_t>(1, value / 1024));
}

void add(TranslatedSettings& out, const std::string& key, std::string_view name,
         const std::string& value) {
  const ClientSetting* setting = find(name);
  if (setting == nullptr) {
    out.settings.insert_or_assign(std::string{name}, value);  // librdkafka judges it
    return;
  }
  switch (setting->how) {
    case How::same_value: {
      const bool javas_none = name == endpoint_identification && value.empty();
      out.settings.insert_or_assign(std::string{setting->rdkafka}, javas_none ? "none" : value);
      return;
    }
    case How::bytes_to_kib:
      if (name == setting->rdkafka) {
        out.settings.insert_or_assign(std::string{name}, value);
      } else if (const auto converted = kib(value)) {
        out.settings.insert_or_assign(std::string{setting->rdkafka}, *converted);
      } else {
        out.problems.push_back(key + ": a number of bytes was expected, found " +
                               kafka::shown(key, value));
      }
      return;
    case How::ours:
      out.ours.insert_or_assign(std::string{name}, value);
      return;
    case How::forced:
      out.warnings.push_back(key + " is ignored: the library decides it (" +
                             std::string{setting->note} + ")");
      return;
    case How::refused:
      out.problems.push_back(key + " is " + std::string{setting->note});
      return;
  }
}

}  // namespace

std::span<const ClientSetting> client_settings() { return known_settings; }

std::span<const SecuritySetting> more_security_settings() { return security_settings; }

std::vector<std::string_view> client_setting_names() {
  std::vector<std::string_view> names;
  for (const SecuritySetting& setting : security_settings) names.push_back(setting.name);
  for (const ClientSetting& setting : known_settings) names.push_back(setting.java);
  return names;
}

TranslatedSettings translate(const ClientMap& clients, ClientRole role) {
  TranslatedSettings out;
  for (const auto& [key, value] : clients) {
    if (has_prefix(key)) continue;
    const ClientSetting* setting = find(key);
    if (setting == nullptr || fits(*setting, role)) add(out, key, key, value);
  }
  for (const std::string_view prefix : prefixes_of(role)) {
    for (const auto& [key, value] : clients) {
      if (key.starts_with(prefix))
        add(out, key, std::string_view{key}.substr(prefix.size()), value);
    }
  }
  return out;
}

kafka::TopicConfig topic_settings(const ClientMap& clients) {
  kafka::TopicConfig topics;
  for (const auto& [key, value] : clients) {
    if (key.starts_with(topic_prefix)) topics.emplace(key.substr(topic_prefix.size()), value);
  }
  return topics;
}

bool is_client_key(std::string_view key) {
  return has_prefix(key) || find(key) != nullptr ||
         std::ranges::find(security_settings, key, &SecuritySetting::name) !=
             security_settings.end();
}

}  // namespace moldau::inline v0::streams
