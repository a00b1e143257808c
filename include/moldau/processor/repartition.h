#pragma once

#include "moldau/processor/boundary_types.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/nodes/filter.h"
#include "moldau/processor/nodes/pass_through.h"
#include "moldau/processor/nodes/sink.h"
#include "moldau/processor/source.h"

#include <memory>
#include <string>
#include <utility>

namespace moldau::inline v0::processor {

// Makes the factories around a repartition topic: filter and sink before it, the source behind it.
// The topic is named last, so the parts come before the name.
class MOLDAU_EXPORT RepartitionParts {
 public:
  virtual ~RepartitionParts();
  [[nodiscard]] virtual BoundaryTypes types() const = 0;
  // Records with a null key go no further, unless a join below can use them. They are not counted.
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> filter(bool keep_null_keys) const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> sink(std::string topic) const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> source() const = 0;
};

template <class K, class V>
class RepartitionPartsOf final : public RepartitionParts {
 public:
  RepartitionPartsOf(AnySerde<K> key_serde, AnySerde<V> value_serde, Partitioner<K, V> partitioner)
      : key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)),
        partitioner_(std::move(partitioner)) {}

  BoundaryTypes types() const override { return BoundaryTypes::of(key_serde_, value_serde_); }

  std::unique_ptr<NodeFactory> filter(bool keep_null_keys) const override {
    if (keep_null_keys) return make_factory<PassThroughNode<K, V>>({});
    return make_factory<FilterNode<K, V, HasKey>>({HasKey{}});
  }
  std::unique_ptr<NodeFactory> sink(std::string topic) const override {
    return make_factory<SinkNode<K, V>>(
        {FixedTopic{std::move(topic)}, key_serde_, value_serde_, partitioner_});
  }
  std::unique_ptr<NodeFactory> source() const override {
    return make_factory<SourceNode<K, V>>(
        {key_serde_, value_serde_, TimestampPolicy::fail_on_invalid});
  }

 private:
  struct HasKey {
    bool operator()(const K* key, const V* /*value*/) const { return !absent(key); }
  };

  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  Partitioner<K, V> partitioner_;
};

}  // namespace moldau::inline v0::processor
