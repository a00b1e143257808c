#pragma once

#include "moldau/base/assert.h"
#include "moldau/processor/foreign_key_messages.h"
#include "moldau/processor/node.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/row_of_join.h"
#include "moldau/serde/serde.h"

#include <optional>
#include <string>

namespace moldau::inline v0::processor {

// The left side of a foreign-key join: joins an answer to the row that asked. An answer to a row
// that has changed meanwhile is dropped: another one is on its way.
template <JoinKind kind, class K, class V, class VO, class R, class F>
class ResolveNode final : public ProcessorNode<K, SubscriptionResponse, K, R> {
 public:
  struct Definition {
    std::string left_table;  // its node
    F joiner;
    AnySerde<V> value_serde;
    AnySerde<VO> foreign_value_serde;
  };

  explicit ResolveNode(const Definition& definition)
      : left_name_(definition.left_table),
        joiner_(definition.joiner),
        value_serde_(definition.value_serde),
        foreign_value_serde_(definition.foreign_value_serde) {}

  void init(TaskContext& context) override {
    Node::init(context);
    left_ = dynamic_cast<ReadableTable<K, V>*>(&context.node(left_name_));
    MOLDAU_ASSERT(left_ != nullptr);
  }

  void process(const Record<K, SubscriptionResponse>& record) override {
    const SubscriptionResponse& response = record.value();
    Timestamp time = record.timestamp();
    const V* left = left_->read(record.key(), row_, time) ? &row_ : nullptr;
    if (response.hash != hash(left)) {
      this->context().drop(*this, "it answers for a row that has changed meanwhile");
      return;
    }
    const VO* right = nullptr;
    if (response.found) {
      foreign_value_serde_.deserialize(response.foreign_value.bytes(), foreign_row_);
      right = &foreign_row_;
    }
    const R* joined = joined_.template join<kind>(joiner_, record.key(), left, right);
    this->forward(Record<K, R>{&record.key(), joined, record.timestamp(), record.headers()});
  }

 private:
  std::optional<RowHash> hash(const V* row) {
    bytes_.clear();
    if (row == nullptr || !value_serde_.serialize(*row, bytes_)) return std::nullopt;
    return hash_of_row(bytes_);
  }

  std::string left_name_;
  F joiner_;
  AnySerde<V> value_serde_;
  AnySerde<VO> foreign_value_serde_;
  ReadableTable<K, V>* left_ = nullptr;
  V row_{};
  VO foreign_row_{};
  RowOfJoin<R> joined_;
  ByteBuffer bytes_;
};

}  // namespace moldau::inline v0::processor
