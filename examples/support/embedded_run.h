#pragma once

#include "moldau/moldau.h"
#include "moldau/testing/embedded_broker.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace examples {

// The order in which rows are shown: of windowed keys, by window.
struct ByWindow {
  template <class K>
  bool operator()(const moldau::Windowed<K>& a, const moldau::Windowed<K>& b) const {
    return std::tie(a.window, a.key) < std::tie(b.window, b.key);
  }
};
template <class K>
struct ShownOrderOf : std::type_identity<std::less<K>> {};
template <class K>
struct ShownOrderOf<moldau::Windowed<K>> : std::type_identity<ByWindow> {};
template <class K>
using ShownOrder = typename ShownOrderOf<K>::type;

// Runs a topology, exactly once, on a broker inside this process, with its state in a folder that
// goes away with it.
class EmbeddedRun {
 public:
  // `topics` are made, with that many partitions. `wrapper` stands around the processors.
  EmbeddedRun(moldau::Topology topology, const std::map<std::string, std::int32_t>& topics,
              moldau::ProcessorWrapper wrapper = nullptr);
  ~EmbeddedRun();
  EmbeddedRun(const EmbeddedRun&) = delete;
  EmbeddedRun& operator=(const EmbeddedRun&) = delete;

  [[nodiscard]] moldau::testing::EmbeddedBroker& broker() { return broker_; }
  template <class K, class V>
  void produce(const std::string& topic, std::optional<K> key, std::optional<V> value,
               moldau::Timestamp time) {
    broker_.produce(topic, moldau::testing::TestRecord<K, V>{std::move(key), std::move(value), time,
                                                             moldau::Headers{}});
  }

  void start() { streams_.start(); }
  // Starts, and waits until everything that was produced is processed and committed. False if the
  // application has stopped by itself; the reason is in the log.
  [[nodiscard]] bool run_to_end();
  // Waits until what has been produced so far is processed and committed. What goes to global
  // tables is not waited for: nobody commits it. False as above.
  [[nodiscard]] bool wait_until_caught_up();
  // Waits until `condition()` is true. False as above.
  [[nodiscard]] bool wait_until(const std::function<bool()>& condition);
  // True once the application has stopped by itself; the reason is in the log.
  [[nodiscard]] bool failed() const;
  // True once global tables are loaded and the tasks process what comes.
  [[nodiscard]] bool running() const;
  // Lets some time pass.
  void wait(std::chrono::milliseconds time);

  // The committed records of a topic, by time.
  template <class K, class V>
  [[nodiscard]] std::vector<moldau::testing::TestRecord<K, V>> all(const std::string& topic) const {
    auto records = broker_.read<K, V>(topic);
    std::ranges::stable_sort(records, {}, &moldau::testing::TestRecord<K, V>::timestamp);
    return records;
  }
  // The last committed value of every key of a topic; keys whose last value is null are left out.
  template <class K, class V>
  [[nodiscard]] std::map<K, V, ShownOrder<K>> latest(
      const std::string& topic, const moldau::AnySerde<K>& key_serde = {}) const {
    std::map<K, V, ShownOrder<K>> latest;
    for (const auto& record :
         broker_.read<K, V>(topic, moldau::kafka::Isolation::read_committed, key_serde)) {
      if (!record.key) continue;
      if (record.value) {
        latest.insert_or_assign(*record.key, *record.value);
      } else {
        latest.erase(*record.key);
      }
    }
    return latest;
  }
  // Sum of latest() of a topic of counts.
  [[nodiscard]] std::int64_t committed_total(const std::string& topic) const;

 private:
  [[nodiscard]] bool caught_up() const;

  std::filesystem::path state_dir_;
  // All topics that the tasks of the application read, its own included.
  std::vector<std::string> inputs_;
  moldau::testing::EmbeddedBroker broker_;
  moldau::Streams streams_;
};

}  // namespace examples
