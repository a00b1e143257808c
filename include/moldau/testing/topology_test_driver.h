#pragma once

#include "moldau/base/error.h"
#include "moldau/export.h"
#include "moldau/processor/store_handles.h"
#include "moldau/serde/serde.h"
#include "moldau/state/key_value_store.h"
#include "moldau/state/session_store.h"
#include "moldau/state/versioned_key_value_store.h"
#include "moldau/state/window_store.h"
#include "moldau/streams/config.h"
#include "moldau/testing/test_record.h"
#include "moldau/topology/topology.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0::testing {

class TopologyTestDriver;

// Feeds an input topic of a driver. A cheap handle; the driver must outlive it.
template <class K, class V>
class TestInputTopic {
 public:
  // Sends one record and everything that follows from it through the topology.
  void pipe(const TestRecord<K, V>& record);
  // At the topic's current time, which then moves by the auto-advance.
  void pipe(std::optional<K> key, std::optional<V> value);
  void pipe(std::optional<K> key, std::optional<V> value, Timestamp timestamp) {
    pipe(TestRecord<K, V>{std::move(key), std::move(value), timestamp, {}});
  }
  void pipe_value(std::optional<V> value) { pipe(std::nullopt, std::move(value)); }
  void advance_time(std::chrono::milliseconds by) { time_ = time_ + by; }

 private:
  friend class TopologyTestDriver;
  TestInputTopic(TopologyTestDriver& driver, std::string topic, AnySerde<K> key_serde,
                 AnySerde<V> value_serde, Timestamp start, std::chrono::milliseconds auto_advance)
      : driver_(&driver),
        topic_(std::move(topic)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)),
        time_(start),
        auto_advance_(auto_advance) {}

  TopologyTestDriver* driver_;
  std::string topic_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  Timestamp time_;
  std::chrono::milliseconds auto_advance_;
};

// What the topology has sent to one topic, oldest first; reading takes it out. A cheap handle; the
// driver must outlive it.
template <class K, class V>
class TestOutputTopic {
 public:
  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t size() const;
  // Throws Error if there is none.
  [[nodiscard]] TestRecord<K, V> read();
  [[nodiscard]] std::vector<TestRecord<K, V>> read_all();
  [[nodiscard]] std::vector<std::pair<std::optional<K>, std::optional<V>>> read_key_values();
  [[nodiscard]] std::vector<std::optional<V>> read_values();

 private:
  friend class TopologyTestDriver;
  TestOutputTopic(TopologyTestDriver& driver, std::string topic, AnySerde<K> key_serde,
                  AnySerde<V> value_serde)
      : driver_(&driver),
        topic_(std::move(topic)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  [[nodiscard]] TestRecord<K, V> decode(RawTestRecord raw) const;

  TopologyTestDriver* driver_;
  std::string topic_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

// One entry of a store, as bytes.
struct StoreEntry {
  ByteBuffer key = {};
  ByteBuffer value = {};
  // Of stores that keep a time beside the value; of a version, when it came to be.
  std::optional<Timestamp> timestamp = {};
  std::optional<Timestamp> window_start = {};  // of window and session stores
  std::optional<Timestamp> window_end = {};    // of session stores
  std::optional<Timestamp> valid_to = {};      // of a version that is not the latest
  Headers headers = {};                        // of stores that keep them

  friend bool operator==(const StoreEntry&, const StoreEntry&) = default;
};

struct TestDriverOptions {
  // What System.currentTimeMillis() would say at the start; moves by advance_wall_clock_time()
  // only.
  Timestamp initial_wall_clock_time{1'000'000'000'000};
  // Keep persistent stores in RocksDB below this folder. Default: in memory, which is faster.
  std::optional<std::filesystem::path> state_dir = {};
  // The topics that exist, for sources by pattern.
  std::vector<std::string> topics = {};
};

// Runs a topology without a broker, one record at a time: the very task that runs in production,
// over all sub-topologies at once, with one partition a topic, a commit after each record, and time
// that stands still. What a record leads to is complete when pipe() returns, repartition topics
// included.
//
// One thread. An error that would stop the application is thrown by the call that caused it.
class MOLDAU_EXPORT TopologyTestDriver {
 public:
  // Of `config` the parts that matter without a cluster: application id, caches, handlers, default
  // timestamp extractor, processor wrapper, the application's own settings, logger.
  explicit TopologyTestDriver(const Topology& topology,
                              Config config = {.application_id = "test-driver"},
                              TestDriverOptions options = {});
  ~TopologyTestDriver();
  TopologyTestDriver(const TopologyTestDriver&) = delete;
  TopologyTestDriver& operator=(const TopologyTestDriver&) = delete;

  // Records without a time of their own start at `start` and are `auto_advance` apart.
  template <class K, class V>
  [[nodiscard]] TestInputTopic<K, V> input_topic(std::string topic, Timestamp start = Timestamp{0},
                                                 std::chrono::milliseconds auto_advance = {},
                                                 AnySerde<K> key_serde = {},
                                                 AnySerde<V> value_serde = {}) {
    return {*this, std::move(topic), std::move(key_serde), std::move(value_serde),
            start, auto_advance};
  }
  template <class K, class V>
  [[nodiscard]] TestOutputTopic<K, V> output_topic(std::string topic, AnySerde<K> key_serde = {},
                                                   AnySerde<V> value_serde = {}) {
    return {*this, std::move(topic), std::move(key_serde), std::move(value_serde)};
  }

  // As bytes. Throws Error if no source reads the topic.
  void pipe(const RawTestRecord& record);

  // Moves the wall clock, once and at once, and runs the punctuations that are due then.
  void advance_wall_clock_time(std::chrono::milliseconds by);

  // Everything sent since the last call, to whatever topic, in the order of sending; changelogs and
  // repartition topics included. Output topics read from the same records.
  [[nodiscard]] std::vector<RawTestRecord> take_sent();

  // Content of a store, by key bytes, then by window or by the time of the version. Throws Error if
  // the topology has no such store, and for buffers.
  [[nodiscard]] std::vector<StoreEntry> store(std::string_view name);
  [[nodiscard]] std::vector<std::string> store_names() const;
  // How many records a buffer holds back: that of a suppress(), which is called "<name of the
  // operator>-store", or of a join with a grace period.
  [[nodiscard]] std::size_t held_back(std::string_view store_name);
  // The value of one key, nullopt if there is none.
  template <class K, class V>
  [[nodiscard]] std::optional<V> get(std::string_view store_name, const K& key);

  // Handles of stores, global ones too, to look at them and to fill them: as a processor opens them
  // (ProcessingContext), with the types they were described with. What is written has the driver's
  // wall-clock time, and is committed with the next record. Valid as long as the driver; iterators
  // until the next record or advance_wall_clock_time().
  template <class K, class V>
  [[nodiscard]] KeyValueStore<K, V> key_value_store(std::string_view name) {
    return open<KeyValueStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] TimestampedKeyValueStore<K, V> timestamped_key_value_store(std::string_view name) {
    return open<TimestampedKeyValueStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] VersionedKeyValueStore<K, V> versioned_key_value_store(std::string_view name) {
    return open<VersionedKeyValueStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] WindowStore<K, V> window_store(std::string_view name) {
    return open<WindowStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] TimestampedWindowStore<K, V> timestamped_window_store(std::string_view name) {
    return open<TimestampedWindowStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] SessionStore<K, V> session_store(std::string_view name) {
    return open<SessionStore<K, V>, K, V>(name);
  }
  template <class K, class V>
  [[nodiscard]] SessionStoreWithHeaders<K, V> session_store_with_headers(std::string_view name) {
    return open<SessionStoreWithHeaders<K, V>, K, V>(name);
  }

  // Sum over all tags, e.g. metric("dropped-records-total").
  [[nodiscard]] double metric(const std::string& name) const;

 private:
  template <class K, class V>
  friend class TestOutputTopic;
  class Impl;

  [[nodiscard]] std::size_t waiting(std::string_view topic) const;
  [[nodiscard]] std::optional<RawTestRecord> take(std::string_view topic);
  [[nodiscard]] std::optional<ByteBuffer> find(std::string_view store_name, Bytes key);
  [[nodiscard]] processor::OpenedStore opened(std::string_view store_name);
  [[nodiscard]] const state::WriteContext& writer() const;

  template <class Handle, class K, class V>
  Handle open(std::string_view name) {
    return processor::make_store_handle<Handle, K, V>("the test", opened(name), writer());
  }

  std::unique_ptr<Impl> impl_;
};

namespace detail {

template <class T>
std::optional<ByteBuffer> to_bytes(const AnySerde<T>& serde, const std::optional<T>& value) {
  ByteBuffer bytes;
  if (!value || !serde.serialize(*value, bytes)) return std::nullopt;
  return bytes;
}

template <class T>
std::optional<T> from_bytes(const AnySerde<T>& serde, const std::optional<ByteBuffer>& bytes) {
  T value{};
  const std::optional<Bytes> view = bytes ? std::optional<Bytes>{*bytes} : std::nullopt;
  if (!serde.deserialize(view, value)) return std::nullopt;
  return value;
}

}  // namespace detail

template <class K, class V>
void TestInputTopic<K, V>::pipe(const TestRecord<K, V>& record) {
  driver_->pipe({topic_, detail::to_bytes(key_serde_, record.key),
                 detail::to_bytes(value_serde_, record.value), record.timestamp, record.headers});
}

template <class K, class V>
void TestInputTopic<K, V>::pipe(std::optional<K> key, std::optional<V> value) {
  const Timestamp now = time_;
  time_ = time_ + auto_advance_;
  pipe(TestRecord<K, V>{std::move(key), std::move(value), now, {}});
}

template <class K, class V>
bool TestOutputTopic<K, V>::empty() const {
  return size() == 0;
}

template <class K, class V>
std::size_t TestOutputTopic<K, V>::size() const {
  return driver_->waiting(topic_);
}

template <class K, class V>
TestRecord<K, V> TestOutputTopic<K, V>::decode(RawTestRecord raw) const {
  return {detail::from_bytes(key_serde_, raw.key), detail::from_bytes(value_serde_, raw.value),
          raw.timestamp.value_or(Timestamp::unknown()), std::move(raw.headers)};
}

template <class K, class V>
TestRecord<K, V> TestOutputTopic<K, V>::read() {
  std::optional<RawTestRecord> raw = driver_->take(topic_);
  if (!raw) throw Error("topic " + topic_ + " has no record that was not read yet");
  return decode(*std::move(raw));
}

template <class K, class V>
std::vector<TestRecord<K, V>> TestOutputTopic<K, V>::read_all() {
  std::vector<TestRecord<K, V>> records;
  while (!empty()) records.push_back(read());
  return records;
}

template <class K, class V>
std::vector<std::pair<std::optional<K>, std::optional<V>>>
TestOutputTopic<K, V>::read_key_values() {
  std::vector<std::pair<std::optional<K>, std::optional<V>>> pairs;
  for (TestRecord<K, V>& record : read_all()) {
    pairs.emplace_back(std::move(record.key), std::move(record.value));
  }
  return pairs;
}

template <class K, class V>
std::vector<std::optional<V>> TestOutputTopic<K, V>::read_values() {
  std::vector<std::optional<V>> values;
  for (TestRecord<K, V>& record : read_all()) values.push_back(std::move(record.value));
  return values;
}

template <class K, class V>
std::optional<V> TopologyTestDriver::get(std::string_view store_name, const K& key) {
  ByteBuffer bytes;
  AnySerde<K>{}.serialize(key, bytes);
  return detail::from_bytes(AnySerde<V>{}, find(store_name, bytes));
}

}  // namespace moldau::inline v0::testing
