#include "processor/subscription_node.h"

namespace moldau::inline v0::processor {

void SubscriptionNode::init(TaskContext& context) {
  Node::init(context);
  rows_.open(context.store(store_name_));
}

void SubscriptionNode::process(const Record<ByteBuffer, Subscription>& record) {
  using enum SubscriptionInstruction;
  const Subscription& subscription = record.value();
  if (record.key_or_null() == nullptr) {
    if (subscription.instruction != answer) {
      context().drop(*this, "it is about a foreign key and has none");
      return;
    }
  } else {
    rows_.start_foreign_key().append(record.key());
    const RecordContext cause{record.timestamp(), &record.headers(), context().metadata()};
    if (subscription.instruction == remove || subscription.instruction == remove_and_answer) {
      rows_.remove(subscription, cause);
    } else {
      rows_.put(subscription, cause);
    }
  }
  forward(record);
}

}  // namespace moldau::inline v0::processor
