#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/embedded_broker.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

namespace examples {

// Runs a topology, exactly once, on a broker inside this process, with its state in a folder that
// goes away with it.
class EmbeddedRun {
 public:
  // `topics` are made, with that many partitions.
  EmbeddedRun(moldau::Topology topology, const std::map<std::string, std::int32_t>& topics);
  ~EmbeddedRun();
  EmbeddedRun(const EmbeddedRun&) = delete;
  EmbeddedRun& operator=(const EmbeddedRun&) = delete;

  [[nodiscard]] moldau::testing::EmbeddedBroker& broker() { return broker_; }
  void start() { streams_.start(); }
  // True once the application has stopped by itself; the reason is in the log.
  [[nodiscard]] bool failed() const;
  // Lets some time pass.
  void wait(std::chrono::milliseconds time);

  // The last committed value of every key of a topic.
  template <class K, class V>
  [[nodiscard]] std::map<K, V> latest(const std::string& topic) const {
    std::map<K, V> latest;
    for (const auto& record : broker_.read<K, V>(topic)) {
      if (record.key && record.value) latest.insert_or_assign(*record.key, *record.value);
    }
    return latest;
  }
  // Sum of latest() of a topic of counts.
  [[nodiscard]] std::int64_t committed_total(const std::string& topic) const;

 private:
  std::filesystem::path state_dir_;
  moldau::testing::EmbeddedBroker broker_;
  moldau::Streams streams_;
};

}  // namespace examples
