#pragma once

#include "moldau/export.h"
#include "moldau/processor/boundary_types.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/nodes/sink.h"
#include "moldau/processor/regrouped_change.h"
#include "moldau/processor/source.h"

#include <memory>
#include <string>
#include <utility>

namespace moldau::inline v0::processor {

// Makes the factories around the repartition topic of a regrouped table: the sink before it, the
// source behind it. The topic is named last, so the parts come before the name.
class MOLDAU_EXPORT RegroupParts {
 public:
  virtual ~RegroupParts();
  [[nodiscard]] virtual BoundaryTypes types() const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> sink(std::string topic) const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> source() const = 0;
};

template <class K, class V>
class RegroupPartsOf final : public RegroupParts {
 public:
  RegroupPartsOf(AnySerde<K> key_serde, AnySerde<V> value_serde)
      : key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)),
        change_serde_(std::make_shared<RegroupedChangeSerde<V>>(value_serde_)) {}

  BoundaryTypes types() const override { return BoundaryTypes::of(key_serde_, value_serde_); }

  std::unique_ptr<NodeFactory> sink(std::string topic) const override {
    return make_factory<SinkNode<K, RegroupedChange<V>>>(
        {FixedTopic{std::move(topic)}, key_serde_, change_serde_, nullptr});
  }
  std::unique_ptr<NodeFactory> source() const override {
    return make_factory<SourceNode<K, RegroupedChange<V>>>(
        {key_serde_, change_serde_, TimestampPolicy::fail_on_invalid});
  }

 private:
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  AnySerde<RegroupedChange<V>> change_serde_;
};

}  // namespace moldau::inline v0::processor
