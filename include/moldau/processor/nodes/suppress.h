#pragma once

#include "moldau/processor/node.h"
#include "moldau/processor/node_factory.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/suppression.h"
#include "moldau/record/change.h"
#include "moldau/record/windowed.h"
#include "moldau/serde/serde.h"

#include <optional>

namespace moldau::inline v0::processor {

// suppress(): holds changes of a table back. Whoever looks a row up sees the table as its changes
// have been handed on: of a key that is held back, the row before that.
template <class K, class V>
class SuppressNode final : public ProcessorNode<K, Change<V>, K, Change<V>>,
                           public ReadableTable<K, V> {
 public:
  struct Definition {
    SuppressionRules rules;
    AnySerde<K> key_serde;
    AnySerde<V> value_serde;
    TableSettings table = {};
  };

  explicit SuppressNode(const Definition& definition)
      : suppression_(definition.rules),
        settings_(definition.table),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde) {}

  void init(TaskContext& context) override {
    Node::init(context);
    suppression_.open(*this, settings_.store);
    above_ = dynamic_cast<ReadableTable<K, V>*>(&context.node(settings_.parent));
  }

  void process(const Record<K, Change<V>>& record) override {
    const Change<V>& change = record.value();
    Suppression::Input& input = suppression_.start();
    key_serde_.serialize(record.key(), input.key);
    input.has_before =
        change.before != nullptr && value_serde_.serialize(*change.before, input.before);
    input.has_now = change.now != nullptr && value_serde_.serialize(*change.now, input.now);
    suppression_.put(due(record), change.before_is_start,
                     {record.timestamp(), &record.headers(), this->context().metadata()});
    while (const state::BufferedChange* leaving = suppression_.leaving()) {
      hand_on(*leaving);
      suppression_.leave();
    }
  }

  bool read(const K& key, V& value, Timestamp& time) override {
    key_serde_.serialize(key, suppression_.start_lookup());
    std::optional<Bytes> prior;
    if (!suppression_.held_back(prior)) return above_->read(key, value, time);
    if (!prior) return false;
    value_serde_.deserialize(*prior, value);
    time = Timestamp::unknown();
    return true;
  }
  [[nodiscard]] bool can_be_read() const override {
    return above_ != nullptr && above_->can_be_read();
  }

 private:
  [[nodiscard]] Timestamp due(const Record<K, Change<V>>& record) const {
    if constexpr (is_windowed<K>) {
      if (suppression_.rules().final_results) return record.key().window.end;
    }
    return record.timestamp();
  }

  void hand_on(const state::BufferedChange& leaving) {
    if (!leaving.now && suppression_.rules().final_results) return;
    key_serde_.deserialize(leaving.key, key_);
    Change<V> change;
    if (leaving.now) {
      value_serde_.deserialize(*leaving.now, now_);
      change.now = &now_;
    }
    if (leaving.before) {
      value_serde_.deserialize(*leaving.before, before_);
      change.before = &before_;
    }
    TaskContext& context = this->context();
    const RecordMetadata interrupted = context.metadata();
    context.flushing(leaving.context.metadata);
    this->forward(
        Record<K, Change<V>>{&key_, &change, leaving.context.timestamp, *leaving.context.headers});
    suppression_.handed_on();
    context.flushing(interrupted);
  }

  Suppression suppression_;
  TableSettings settings_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  ReadableTable<K, V>* above_ = nullptr;
  K key_{};
  V now_{};
  V before_{};
};

}  // namespace moldau::inline v0::processor
