#pragma once

#include "moldau/base/error.h"
#include "moldau/base/murmur2.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"
#include "moldau/processor/partitioner.h"
#include "moldau/record/raw_record.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace moldau::inline v0::processor {

// Where a sink sends to: one topic, or a function that names the topic of each record.
struct FixedTopic {
  std::string name;
};

// to(), and the end of a sub-topology before a repartition topic: the type edge from K and V to
// bytes.
//
// A fixed topic is resolved once. A computed one is looked up by name for each record whose topic
// is not that of the record before: that is what computing a topic costs.
template <class K, class V, class Topic = FixedTopic>
class SinkNode final : public Node, public Receiver<K, V> {
 public:
  struct Definition {
    Topic topic;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    Partitioner<K, V> partitioner = nullptr;
    // Send all windows of a key to one partition. Not so into repartition topics: the reference
    // hashes the whole key there.
    bool windows_together = false;
  };

  explicit SinkNode(const Definition& definition)
      : choose_topic_(definition.topic),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        partitioner_(definition.partitioner),
        windows_together_(definition.windows_together) {}

  InputPort input() override { return InputPort::of<K, V>(*this); }
  void connect(Node& child) override { refuse_child(child, typeid(void), child.input().type); }

  void init(TaskContext& context) override {
    Node::init(context);
    if constexpr (is_fixed) resolve(context.full_topic_name(choose_topic_.name));
  }

  void process(const Record<K, V>& record) override {
    if constexpr (!is_fixed) follow(choose(record));
    if (partitioner_ == nullptr) {
      if (serialize(record)) send(record, partition_by_key());
      return;
    }
    const Partitioning to = partitioner_(record, topic_name_, context().sink().partitions(topic_));
    if (to.is_by_key()) {
      if (serialize(record)) send(record, std::nullopt);
    } else if (to.begin() == to.end()) {
      context().drop(*this, "its partitioner chose no partition");
    } else if (serialize(record)) {
      for (const PartitionId partition : to) send(record, partition);
    }
  }

 private:
  static constexpr bool is_fixed = std::is_same_v<Topic, FixedTopic>;

  decltype(auto) choose(const Record<K, V>& record) {
    if constexpr (binding<Topic, K, V>.found) {
      return call(choose_topic_, record);
    } else {
      return choose_topic_(record, context().metadata());
    }
  }

  void follow(std::string_view topic) {
    if (topic.empty()) throw StreamsError("\"" + name() + "\": a record's topic has no name");
    if (topic != topic_name_) resolve(std::string{topic});
  }

  void resolve(std::string topic) {
    topic_ = context().sink().topic(topic);
    topic_name_ = std::move(topic);
  }

  // False if a serde threw and the production handler wants to go on.
  bool serialize(const Record<K, V>& record) {
    key_.clear();
    value_.clear();
    try {
      const K* key = record.key_or_null();
      has_key_ = key != nullptr && key_serde_.serialize(*key, key_);
      const V* value = record.value_or_null();
      has_value_ = value != nullptr && value_serde_.serialize(*value, value_);
      return true;
    } catch (...) {
      context().serialization_failed(*this, topic_name_, record.timestamp(), record.headers());
      return false;
    }
  }

  // nullopt: the producer hashes the key by itself.
  std::optional<PartitionId> partition_by_key() {
    if constexpr (is_windowed<K>) {
      if (!windows_together_ || !has_key_) return std::nullopt;
      const Bytes part = key_serde_.partitioning_part(key_);
      // A serde that knows of no windows writes keys like any other.
      if (part.size() == key_.size()) return std::nullopt;
      return partition_for_key(part, context().sink().partitions(topic_));
    } else {
      return std::nullopt;
    }
  }

  void send(const Record<K, V>& record, std::optional<PartitionId> partition) {
    context().sink().send({.topic = topic_,
                           .partition = partition,
                           .key = has_key_ ? std::optional<Bytes>{key_} : std::nullopt,
                           .value = has_value_ ? std::optional<Bytes>{value_} : std::nullopt,
                           .timestamp = record.timestamp(),
                           .headers = &record.headers()});
  }

  Topic choose_topic_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  Partitioner<K, V> partitioner_;
  bool windows_together_;
  std::string topic_name_;
  TopicHandle topic_;
  ByteBuffer key_;
  ByteBuffer value_;
  bool has_key_ = false;
  bool has_value_ = false;
};

}  // namespace moldau::inline v0::processor
