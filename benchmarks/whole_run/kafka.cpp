#include "whole_run/kafka.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>

namespace benchmarks {

namespace {

constexpr int metadata_timeout_ms = 10'000;

[[noreturn]] void fail(std::string_view doing, std::string_view why) {
  throw std::runtime_error(std::string{doing} + ": " + std::string{why});
}

}  // namespace

const Settings& consumer_settings() {
  static const Settings settings{
      {"enable.auto.commit", "false"},           {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "earliest"},         {"fetch.max.bytes", "16777216"},
      {"max.partition.fetch.bytes", "4194304"},  {"queued.min.messages", "200000"},
      {"queued.max.messages.kbytes", "16384"},   {"fetch.error.backoff.ms", "1"},
      {"partition.assignment.strategy", "range"}};
  return settings;
}

const Settings& producer_settings() {
  static const Settings settings{{"acks", "all"},
                                 {"enable.idempotence", "true"},
                                 {"linger.ms", "10"},
                                 {"batch.size", "1000000"},
                                 {"batch.num.messages", "20000"},
                                 {"queue.buffering.max.messages", "500000"},
                                 {"queue.buffering.max.kbytes", "65536"},
                                 {"sticky.partitioning.linger.ms", "0"}};
  return settings;
}

Client make_client(rd_kafka_type_t type, const Settings& settings) {
  const char* brokers = std::getenv("BROKERS");
  if (brokers == nullptr) throw std::runtime_error("set BROKERS=host:port");
  std::array<char, 512> error{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  const auto set = [&](const std::string& name, const std::string& value) {
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      rd_kafka_conf_destroy(conf);
      fail(name, error.data());
    }
  };
  set("bootstrap.servers", brokers);
  set("log_level", "4");
  for (const auto& [name, value] : settings) set(name, value);
  Client client{rd_kafka_new(type, conf, error.data(), error.size())};
  if (client == nullptr) {
    rd_kafka_conf_destroy(conf);
    fail("making a client", error.data());
  }
  return client;
}

TopicHandle make_topic(const Client& client, const std::string& name) {
  TopicHandle topic{rd_kafka_topic_new(client.get(), name.c_str(), nullptr)};
  if (topic == nullptr) check(rd_kafka_last_error(), name);
  return topic;
}

void check(rd_kafka_resp_err_t error, std::string_view doing) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail(doing, rd_kafka_err2str(error));
}

void check(rd_kafka_error_t* error, std::string_view doing) {
  const Handle<rd_kafka_error_t> owned{error};
  if (owned != nullptr) fail(doing, rd_kafka_error_string(owned.get()));
}

std::int32_t partition_count(const Client& client, const std::string& topic) {
  const TopicHandle handle = make_topic(client, topic);
  const rd_kafka_metadata_t* answer = nullptr;
  check(rd_kafka_metadata(client.get(), 0, handle.get(), &answer, metadata_timeout_ms), topic);
  const Handle<const rd_kafka_metadata_t> metadata{answer};
  check(metadata->topics[0].err, topic);
  return metadata->topics[0].partition_cnt;
}

std::string unique_id(std::string_view prefix) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::string{prefix} + "-" +
         std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace benchmarks
