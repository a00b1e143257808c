#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/foreign_key_messages.h"
#include "moldau/processor/node.h"
#include "moldau/processor/subscription_steps.h"
#include "moldau/record/change.h"
#include "moldau/serde/serde.h"

namespace moldau::inline v0::processor {

// The left side of a foreign-key join: turns a change of a row into messages to the foreign side.
template <JoinKind kind, class K, class V, class KO, class F>
class SubscribeNode final : public ProcessorNode<K, Change<V>, ByteBuffer, Subscription> {
 public:
  struct Definition {
    F extractor;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    AnySerde<KO> foreign_key_serde;
  };

  explicit SubscribeNode(const Definition& definition)
      : extractor_(definition.extractor),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde),
        foreign_key_serde_(definition.foreign_key_serde) {}

  void process(const Record<K, Change<V>>& record) override {
    const Change<V>& change = record.value();
    if (!change.latest) {
      this->context().drop(*this, "it changes the past of a versioned table, not its latest row");
      return;
    }
    const ForeignKeyState before = extract(record.key(), change.before, key_before_);
    const ForeignKeyState now = extract(record.key(), change.now, key_now_);
    const SubscriptionSteps steps = subscription_steps(kind, before, now, key_before_ == key_now_);
    if (steps.dropped) {
      this->context().drop(*this, "it has no foreign key, so it joins no row of the other table");
    }
    if (steps.count == 0) return;
    fill_message(record.key(), change.now);
    for (const SubscriptionStep& step : steps) {
      message_.instruction = step.instruction;
      const ByteBuffer* key = &key_before_;
      if (!step.to_key_before) key = now == ForeignKeyState::key ? &key_now_ : nullptr;
      this->forward(
          Record<ByteBuffer, Subscription>{key, &message_, record.timestamp(), record.headers()});
    }
  }

 private:
  ForeignKeyState extract(const K& key, const V* row, ByteBuffer& bytes) {
    bytes.clear();
    if (row == nullptr) return ForeignKeyState::no_row;
    const auto& extracted = call<K, V>(extractor_, &key, row);
    const KO* foreign_key = pointer_to(extracted);
    if (foreign_key == nullptr || !foreign_key_serde_.serialize(*foreign_key, bytes)) {
      return ForeignKeyState::no_key;
    }
    return ForeignKeyState::key;
  }

  void fill_message(const K& key, const V* row) {
    message_.primary_key.clear();
    key_serde_.serialize(key, message_.primary_key);
    // A task reads the same partition of all of its topics, so answers to it go there.
    message_.primary_partition = this->context().task().partition;
    message_.hash.reset();
    row_.clear();
    if (row != nullptr && value_serde_.serialize(*row, row_)) message_.hash = hash_of_row(row_);
  }

  F extractor_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  AnySerde<KO> foreign_key_serde_;
  ByteBuffer key_before_;
  ByteBuffer key_now_;
  ByteBuffer row_;
  Subscription message_;
};

}  // namespace moldau::inline v0::processor
