#pragma once

#include "moldau/base/assert.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/foreign_key_messages.h"
#include "moldau/processor/node.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/subscription_rows.h"
#include "moldau/record/change.h"
#include "moldau/serde/serde.h"

#include <algorithm>
#include <string>

namespace moldau::inline v0::processor {

// The foreign side of a foreign-key join: answers a subscription with the row as it is.
template <class KO, class VO>
class AnswerNode final
    : public ProcessorNode<ByteBuffer, Subscription, ByteBuffer, SubscriptionResponse> {
 public:
  struct Definition {
    std::string foreign_table;  // its node
    AnySerde<KO> key_serde;
    AnySerde<VO> value_serde;
  };

  explicit AnswerNode(const Definition& definition)
      : foreign_name_(definition.foreign_table),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde) {}

  void init(TaskContext& context) override {
    Node::init(context);
    foreign_ = dynamic_cast<ReadableTable<KO, VO>*>(&context.node(foreign_name_));
    MOLDAU_ASSERT(foreign_ != nullptr);
  }

  void process(const Record<ByteBuffer, Subscription>& record) override {
    const Subscription& subscription = record.value();
    if (subscription.instruction == SubscriptionInstruction::remove) return;
    Timestamp time = record.timestamp();
    response_.found = false;
    if (record.key_or_null() != nullptr) {
      Timestamp row_time = time;
      key_serde_.deserialize(record.key().bytes(), key_);
      if (foreign_->read(key_, row_, row_time)) {
        time = std::max(time, row_time);
        response_.foreign_value.clear();
        response_.found = value_serde_.serialize(row_, response_.foreign_value);
      }
    }
    if (subscription.instruction == SubscriptionInstruction::answer_if_found && !response_.found) {
      return;
    }
    if (subscription.instruction == SubscriptionInstruction::remove_and_answer) {
      response_.found = false;
    }
    response_.hash = subscription.hash;
    response_.primary_partition = subscription.primary_partition;
    this->forward(Record<ByteBuffer, SubscriptionResponse>{&subscription.primary_key, &response_,
                                                           time, record.headers()});
  }

 private:
  std::string foreign_name_;
  AnySerde<KO> key_serde_;
  AnySerde<VO> value_serde_;
  ReadableTable<KO, VO>* foreign_ = nullptr;
  KO key_{};
  VO row_{};
  SubscriptionResponse response_;
};

// The foreign side of a foreign-key join: tells all who have subscribed to a row that it has
// changed.
template <class KO, class VO>
class AnswerAllNode final : public ProcessorNode<KO, Change<VO>, ByteBuffer, SubscriptionResponse> {
 public:
  struct Definition {
    std::string subscriptions;  // the store
    AnySerde<KO> key_serde;
    AnySerde<VO> value_serde;
  };

  explicit AnswerAllNode(const Definition& definition)
      : store_name_(definition.subscriptions),
        key_serde_(definition.key_serde),
        value_serde_(definition.value_serde) {}

  void init(TaskContext& context) override {
    Node::init(context);
    rows_.open(context.store(store_name_));
  }

  void process(const Record<KO, Change<VO>>& record) override {
    const Change<VO>& change = record.value();
    if (!change.latest) {
      this->context().drop(*this, "it changes the past of a versioned table, not its latest row");
      return;
    }
    if (!key_serde_.serialize(record.key(), rows_.start_foreign_key())) {
      this->context().drop(*this, "its key stands for null, which no row of a table has");
      return;
    }
    response_.foreign_value.clear();
    response_.found =
        change.now != nullptr && value_serde_.serialize(*change.now, response_.foreign_value);
    for (SubscriptionCursor at = rows_.subscriptions(); at.valid(); at.next()) {
      const SubscriptionView subscription = at.subscription();
      response_.hash = subscription.hash;
      response_.primary_partition = subscription.primary_partition;
      primary_key_.assign(at.primary_key());
      this->forward(Record<ByteBuffer, SubscriptionResponse>{&primary_key_, &response_,
                                                             record.timestamp(), record.headers()});
    }
  }

 private:
  std::string store_name_;
  AnySerde<KO> key_serde_;
  AnySerde<VO> value_serde_;
  SubscriptionRows rows_;
  ByteBuffer primary_key_;
  SubscriptionResponse response_;
};

}  // namespace moldau::inline v0::processor
