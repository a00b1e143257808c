#pragma once

#include "moldau/base/error.h"
#include "moldau/base/ids.h"
#include "moldau/export.h"
#include "moldau/kafka/values.h"
#include "moldau/serde/serde.h"
#include "moldau/streams/environment.h"
#include "moldau/testing/test_record.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {
class Broker;
}

namespace moldau::inline v0::testing {

struct EmbeddedBrokerOptions {
  // The broker's time and that of the applications on it. Default: the machine's. With a
  // ManualClock nothing expires and no commit falls due before the clock is moved.
  Clock* clock = nullptr;
  // What runs the threads of the applications. Default: a thread each.
  Workers* workers = nullptr;
  // Where applications keep stores on disk. Default: RocksDB, made for this broker.
  std::shared_ptr<state::Storage> storage = {};
  // A group takes a member that crashed for dead after this time; one that closes leaves at once.
  // Default: the real broker's.
  std::chrono::milliseconds session_timeout{45'000};
  // Copies of each store that a group keeps on other instances.
  std::size_t standby_replicas = 0;
};

// A Kafka broker inside this process, for tests and demonstrations: topics, transactions, groups,
// compaction, all in memory and gone with the object. Applications run on it unchanged:
//
//   EmbeddedBroker broker;
//   broker.create_topic("lines", 3);
//   Streams streams{topology, config, broker.environment()};
//   streams.start();
//   broker.produce<std::string, std::string>("lines", std::nullopt, "to be or not to be");
//
// It keeps the rules that results depend on: isolation levels, fencing, commit-before-ack. It does
// not fail, lose or delay anything, so it is no measure of how an application copes with that.
//
// Nothing here waits for an application: ask read() until the result is there. Any thread. Must
// outlive the applications that run on it; clocks and workers given as options outlive the broker.
class MOLDAU_EXPORT EmbeddedBroker {
 public:
  explicit EmbeddedBroker(EmbeddedBrokerOptions options = {});
  ~EmbeddedBroker();
  EmbeddedBroker(const EmbeddedBroker&) = delete;
  EmbeddedBroker& operator=(const EmbeddedBroker&) = delete;

  // What applications are started on. Valid as long as the broker.
  [[nodiscard]] Environment environment();

  // Throws Error if the topic exists already, or a setting has a value that Kafka refuses. Effect
  // have: cleanup.policy, delete.retention.ms, retention.ms (if given), min.cleanable.dirty.ratio,
  // max.message.bytes, message.timestamp.type; others are kept and change nothing.
  void create_topic(const std::string& name, std::int32_t partitions = 1,
                    const kafka::TopicConfig& config = {});
  // Partitions of a topic; nullopt if there is none of that name. Internal topics of applications
  // exist once their group has members.
  [[nodiscard]] std::optional<std::int32_t> partitions(const std::string& topic) const;

  // Appends a record, without a transaction, as Kafka's producers do: to the partition that the
  // hash of the key says, to any one without a key. Time: the clock's. Throws Error if the broker
  // refuses it, e.g. because there is no such topic.
  template <class K, class V>
  void produce(const std::string& topic, std::optional<K> key, std::optional<V> value,
               const AnySerde<K>& key_serde = {}, const AnySerde<V>& value_serde = {}) {
    produce(RawTestRecord{topic, to_bytes(key_serde, key), to_bytes(value_serde, value),
                          std::nullopt, Headers{}},
            std::nullopt);
  }
  // With the record's time and headers, to a partition if one is named.
  template <class K, class V>
  void produce(const std::string& topic, const TestRecord<K, V>& record,
               std::optional<PartitionId> partition = std::nullopt,
               const AnySerde<K>& key_serde = {}, const AnySerde<V>& value_serde = {}) {
    produce(RawTestRecord{topic, to_bytes(key_serde, record.key),
                          to_bytes(value_serde, record.value), record.timestamp, record.headers},
            partition);
  }
  // As bytes.
  void produce(const RawTestRecord& record, std::optional<PartitionId> partition = std::nullopt);

  // What the topic holds now, from the start of its logs: partition by partition, each in the order
  // of its offsets. Under read_committed records of open and aborted transactions are left out, and
  // what comes after the first open one. Throws Error if there is no such topic.
  template <class K, class V>
  [[nodiscard]] std::vector<TestRecord<K, V>> read(
      const std::string& topic, kafka::Isolation isolation = kafka::Isolation::read_committed,
      const AnySerde<K>& key_serde = {}, const AnySerde<V>& value_serde = {}) const {
    std::vector<TestRecord<K, V>> records;
    for (RawTestRecord& raw : read(topic, isolation)) {
      records.push_back({from_bytes(key_serde, raw.key), from_bytes(value_serde, raw.value),
                         *raw.timestamp, std::move(raw.headers)});
    }
    return records;
  }
  // As bytes. All have a timestamp.
  [[nodiscard]] std::vector<RawTestRecord> read(
      const std::string& topic,
      kafka::Isolation isolation = kafka::Isolation::read_committed) const;

  // What the group has committed, of all partitions of the topic; those without are left out.
  // Offsets of undecided transactions do not show. Throws Error if there is no such topic.
  [[nodiscard]] std::vector<kafka::CommittedOffset> committed(const std::string& group,
                                                              const std::string& topic) const;

  // True if the group has committed everything that the topic holds: what the application makes of
  // it is in its output and in the topics between its sub-topologies. Throws Error if there is no
  // such topic.
  [[nodiscard]] bool caught_up(const std::string& group, const std::string& topic) const;

  // Cleans a topic now as its cleanup.policy says; it also happens by itself, now and then, as
  // topics grow. Throws Error if there is no such topic.
  void compact(const std::string& topic);

  // The broker itself, with hooks that make things go wrong. Its header is not installed: for this
  // project's own tests.
  [[nodiscard]] kafka::memory::Broker& broker() noexcept;

 private:
  class Impl;

  template <class T>
  static std::optional<ByteBuffer> to_bytes(const AnySerde<T>& serde,
                                            const std::optional<T>& value) {
    ByteBuffer bytes;
    if (!value || !serde.serialize(*value, bytes)) return std::nullopt;
    return bytes;
  }
  template <class T>
  static std::optional<T> from_bytes(const AnySerde<T>& serde,
                                     const std::optional<ByteBuffer>& bytes) {
    T value{};
    const std::optional<Bytes> view = bytes ? std::optional<Bytes>{*bytes} : std::nullopt;
    if (!serde.deserialize(view, value)) return std::nullopt;
    return value;
  }

  std::unique_ptr<Impl> impl_;
};

}  // namespace moldau::inline v0::testing
