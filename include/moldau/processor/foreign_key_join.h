#pragma once

#include "moldau/processor/boundary_types.h"
#include "moldau/processor/foreign_key_messages.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/nodes/foreign_key_answer.h"
#include "moldau/processor/nodes/foreign_key_resolve.h"
#include "moldau/processor/nodes/foreign_key_subscribe.h"
#include "moldau/processor/partitioner.h"
#include "moldau/processor/source.h"
#include "moldau/serde/void.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0::processor {

// Makes the factories of a foreign-key join that know its types. Nodes and stores are named last,
// so the parts come before the names.
class MOLDAU_EXPORT ForeignKeyJoinParts {
 public:
  virtual ~ForeignKeyJoinParts();

  // What becomes bytes on the way to the foreign side, and on the way back.
  [[nodiscard]] virtual BoundaryTypes registration_types() const = 0;
  [[nodiscard]] virtual BoundaryTypes response_types() const = 0;

  [[nodiscard]] virtual std::unique_ptr<NodeFactory> subscribe() const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> answer(std::string foreign_table) const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> answer_all(
      std::string subscription_store) const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> response_source() const = 0;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> resolve(std::string left_table) const = 0;

  // nullptr: by the foreign key.
  [[nodiscard]] virtual Partitioner<ByteBuffer, Subscription> registration_partitioner() const = 0;
  // nullptr: to where the subscription came from.
  [[nodiscard]] virtual Partitioner<ByteBuffer, SubscriptionResponse> response_partitioner()
      const = 0;
};

// A message of a foreign-key join has one receiver. Throws StreamsError if the partitioner chose
// none or several.
MOLDAU_EXPORT void check_one_partition(const Partitioning& chosen, std::string_view topic);

// The user's partitioner, which knows the key as K, for messages that have its bytes. Chooses by
// key and topic only.
template <class K, class Message>
Partitioner<ByteBuffer, Message> for_key_bytes(const Partitioner<K, Void>& partitioner,
                                               const AnySerde<K>& key_serde) {
  if (partitioner == nullptr) return nullptr;
  return [partitioner, key_serde, key = K{}](const Record<ByteBuffer, Message>& record,
                                             std::string_view topic,
                                             std::int32_t partitions) mutable {
    const bool has_key = record.key_or_null() != nullptr;
    if (has_key) key_serde.deserialize(record.key().bytes(), key);
    Partitioning chosen = partitioner(
        Record<K, Void>{has_key ? &key : nullptr, nullptr, record.timestamp(), record.headers()},
        topic, partitions);
    check_one_partition(chosen, topic);
    return chosen;
  };
}

template <JoinKind kind, class K, class V, class KO, class VO, class R, class Extractor,
          class Joiner>
class ForeignKeyJoinPartsOf final : public ForeignKeyJoinParts {
 public:
  struct Types {
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    AnySerde<KO> foreign_key_serde;
    AnySerde<VO> foreign_value_serde;
    Partitioner<K, Void> partitioner;
    Partitioner<KO, Void> other_partitioner;
  };

  ForeignKeyJoinPartsOf(Extractor extractor, Joiner joiner, Types types)
      : extractor_(std::move(extractor)), joiner_(std::move(joiner)), types_(std::move(types)) {}

  BoundaryTypes registration_types() const override {
    return BoundaryTypes::of(types_.foreign_key_serde, types_.value_serde);
  }
  BoundaryTypes response_types() const override {
    return BoundaryTypes::of(types_.key_serde, types_.foreign_value_serde);
  }

  std::unique_ptr<NodeFactory> subscribe() const override {
    return make_factory<SubscribeNode<kind, K, V, KO, Extractor>>(
        {extractor_, types_.key_serde, types_.value_serde, types_.foreign_key_serde});
  }
  std::unique_ptr<NodeFactory> answer(std::string foreign_table) const override {
    return make_factory<AnswerNode<KO, VO>>(
        {std::move(foreign_table), types_.foreign_key_serde, types_.foreign_value_serde});
  }
  std::unique_ptr<NodeFactory> answer_all(std::string subscription_store) const override {
    return make_factory<AnswerAllNode<KO, VO>>(
        {std::move(subscription_store), types_.foreign_key_serde, types_.foreign_value_serde});
  }
  std::unique_ptr<NodeFactory> response_source() const override {
    return make_factory<SourceNode<K, SubscriptionResponse>>({types_.key_serde, {}, {}});
  }
  std::unique_ptr<NodeFactory> resolve(std::string left_table) const override {
    return make_factory<ResolveNode<kind, K, V, VO, R, Joiner>>(
        {std::move(left_table), joiner_, types_.value_serde, types_.foreign_value_serde});
  }

  Partitioner<ByteBuffer, Subscription> registration_partitioner() const override {
    return for_key_bytes<KO, Subscription>(types_.other_partitioner, types_.foreign_key_serde);
  }
  Partitioner<ByteBuffer, SubscriptionResponse> response_partitioner() const override {
    return for_key_bytes<K, SubscriptionResponse>(types_.partitioner, types_.key_serde);
  }

 private:
  Extractor extractor_;
  Joiner joiner_;
  Types types_;
};

}  // namespace moldau::inline v0::processor
