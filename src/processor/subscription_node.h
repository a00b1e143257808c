#pragma once

#include "moldau/processor/foreign_key_messages.h"
#include "moldau/processor/node.h"
#include "moldau/processor/subscription_rows.h"

#include <string>

namespace moldau::inline v0::processor {

// The foreign side of a foreign-key join: remembers and forgets subscriptions, and hands each on to
// be answered.
class SubscriptionNode final : public ProcessorNode<ByteBuffer, Subscription> {
 public:
  struct Definition {
    std::string subscriptions;  // the store
  };

  explicit SubscriptionNode(const Definition& definition) : store_name_(definition.subscriptions) {}

  void init(TaskContext& context) override;
  void process(const Record<ByteBuffer, Subscription>& record) override;

 private:
  std::string store_name_;
  SubscriptionRows rows_;
};

}  // namespace moldau::inline v0::processor
