#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/node.h"
#include "moldau/record/raw_record.h"
#include "moldau/serde/serde.h"

#include <memory>
#include <optional>

namespace moldau::inline v0::processor {

// One input partition of a source: holds the record at the head of the partition's queue, decoded.
// A record is decoded when it becomes the head, because its time may come out of its value. Keeps
// its key and value objects, so strings and vectors keep their memory.
class MOLDAU_EXPORT SourceSlot {
 public:
  virtual ~SourceSlot();
  // Reads key and value. Throws what the serde throws. `raw` must stay valid until process()
  // returns.
  virtual void decode(const RawRecord& raw) = 0;
  // The time of the decoded record; negative: drop it. Throws if the extractor refuses.
  virtual Timestamp timestamp(Timestamp partition_time) = 0;
  // Sends the decoded record through the graph.
  virtual void process(Timestamp timestamp) = 0;
};

// Where a sub-topology's records enter: the type edge from bytes to K and V.
class MOLDAU_EXPORT SourceNodeBase {
 public:
  // A slot for one more partition. The node outlives its slots.
  [[nodiscard]] virtual std::unique_ptr<SourceSlot> make_slot() = 0;

 protected:
  ~SourceNodeBase();
};

// Applies a policy to the time a record carries. Throws StreamsError if it refuses.
[[nodiscard]] MOLDAU_EXPORT Timestamp apply_timestamp_policy(TimestampPolicy policy,
                                                             Timestamp carried,
                                                             Timestamp partition_time,
                                                             const Clock& clock);

template <class K, class V>
class SourceNode final : public EmittingNode<K, V>, public SourceNodeBase {
 public:
  struct Definition {
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    TimestampExtractor<K, V> extractor;
  };

  explicit SourceNode(const Definition& definition)
      : SourceNode(definition.key_serde, definition.value_serde, definition.extractor) {}
  SourceNode(AnySerde<K> key_serde, AnySerde<V> value_serde, TimestampExtractor<K, V> extractor)
      : key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)),
        extractor_(std::move(extractor)) {}

  InputPort input() override { return {typeid(void), nullptr}; }
  std::unique_ptr<SourceSlot> make_slot() override { return std::make_unique<Slot>(*this); }

 private:
  class Slot final : public SourceSlot {
   public:
    explicit Slot(SourceNode& node) : node_(node) {}

    void decode(const RawRecord& raw) override {
      has_key_ = node_.key_serde_.deserialize(raw.key, key_);
      has_value_ = node_.value_serde_.deserialize(raw.value, value_);
      carried_ = raw.timestamp;
      headers_ = raw.headers;
    }

    Timestamp timestamp(Timestamp partition_time) override {
      TaskContext& context = node_.context();
      if (const auto& function = node_.extractor_.function()) {
        return function(record(carried_), partition_time);
      }
      return apply_timestamp_policy(node_.extractor_.policy_or(context.default_timestamp_policy()),
                                    carried_, partition_time, context.clock());
    }

    void process(Timestamp timestamp) override { node_.forward(record(timestamp)); }

   private:
    Record<K, V> record(Timestamp timestamp) const {
      return {has_key_ ? &key_ : nullptr, has_value_ ? &value_ : nullptr, timestamp, *headers_};
    }

    SourceNode& node_;
    K key_{};
    V value_{};
    bool has_key_ = false;
    bool has_value_ = false;
    Timestamp carried_;
    const Headers* headers_ = nullptr;
  };

  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  TimestampExtractor<K, V> extractor_;
};

}  // namespace moldau::inline v0::processor
