#pragma once

#include "moldau/moldau.h"

#include "base/temporary_folder.h"
#include "eventually.h"
#include "kafka/contract.h"
#include "kafka/wire/bootstrap.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/make_connection.h"
#include "security/secured_broker.h"
#include "whole_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau {

// An application that counts words, with a store, a changelog and a repartition topic, on a broker
// with TLS and SASL. The test itself goes where everything is allowed.
class SecuredApplication : public KafkaContract {
 protected:
  void SetUp() override {
    in_ = make_topic(1, {}, "in");
    out_ = make_topic(1, {}, "out");
  }

  [[nodiscard]] std::string application_id() const { return unique("app"); }

  [[nodiscard]] Config config(const kafka::ClientSettings& settings) const {
    Config config{.application_id = application_id(),
                  .bootstrap_servers = settings.at("bootstrap.servers"),
                  .processing_guarantee = ProcessingGuarantee::exactly_once_v2};
    config.state_dir = folder_.path() / "state";
    config.statestore_cache_max_bytes = 0;
    for (const auto& [name, value] : settings) {
      if (name != "bootstrap.servers") config.set(name, value);
    }
    config.logger = log_;
    return config;
  }

  [[nodiscard]] Topology topology() const {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>(in_)
        .group_by([](const std::string&, const std::string& word) { return word; })
        .count({.name = "counts"})
        .to_stream()
        .map_values([](std::int64_t count) { return std::to_string(count); })
        .to(out_);
    return builder.build();
  }

  [[nodiscard]] std::unique_ptr<Streams> start(Config config) const {
    auto streams = std::make_unique<Streams>(topology(), std::move(config));
    streams->start();
    return streams;
  }

  // Appends a word to the input.
  void say(const std::string& word) {
    if (!producer_) producer_ = producer();
    if (!in_handle_) in_handle_ = producer_->topic(in_, false);
    send(*producer_, *in_handle_, {word});
  }

  [[nodiscard]] std::vector<std::string> results() {
    return read(out_, kafka::Isolation::read_committed).values();
  }
  [[nodiscard]] bool has_results(std::size_t count) {
    return eventually(patience, [&] { return results().size() >= count; });
  }

  // What the application stopped with; empty if it did not within `limit`.
  [[nodiscard]] static std::string failure_of(const Streams& streams,
                                              std::chrono::milliseconds limit) {
    static_cast<void>(eventually(limit, [&] { return streams.state() == StreamsState::error; }));
    return streams.error();
  }

  const TemporaryFolder folder_;
  const std::shared_ptr<WholeLog> log_ = std::make_shared<WholeLog>();
  std::string in_;
  std::string out_;

 private:
  std::unique_ptr<kafka::Producer> producer_;
  std::optional<TopicHandle> in_handle_;
};

}  // namespace moldau
