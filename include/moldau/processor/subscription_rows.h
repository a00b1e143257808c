#pragma once

#include "moldau/base/bytes.h"
#include "moldau/export.h"
#include "moldau/processor/foreign_key_messages.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_bytes_store.h"

#include <cstddef>
#include <memory>

namespace moldau::inline v0::processor {

// Goes over the subscriptions to one foreign key, by primary key. Must not outlive its rows, nor a
// call of theirs.
class MOLDAU_EXPORT SubscriptionCursor {
 public:
  SubscriptionCursor(std::unique_ptr<state::BytesIterator> at, std::size_t prefix);
  [[nodiscard]] bool valid() const { return at_->valid(); }
  // REQUIRES of both: valid().
  [[nodiscard]] Bytes primary_key() const { return at_->key().without_first(prefix_); }
  [[nodiscard]] SubscriptionView subscription() const { return read_subscription(at_->value()); }
  void next() { at_->next(); }

 private:
  std::unique_ptr<state::BytesIterator> at_;
  std::size_t prefix_;
};

// The subscriptions that the foreign side of a join remembers. A key is the foreign key, with its
// length before it, then the primary key: so the subscriptions to one foreign key lie together.
// Owned by a node; keeps its buffers.
class MOLDAU_EXPORT SubscriptionRows {
 public:
  // Throws TopologyError naming the store if it is not a key-value store.
  void open(state::StateStore& store);

  // The foreign key that the calls below are about: the caller appends it.
  [[nodiscard]] ByteBuffer& start_foreign_key();

  void put(const Subscription& subscription, const RecordContext& context);
  void remove(const Subscription& subscription, const RecordContext& context);
  [[nodiscard]] SubscriptionCursor subscriptions();

 private:
  void finish_foreign_key();
  void append_primary_key(const Subscription& subscription);

  state::KeyValueBytesStore* store_ = nullptr;
  ByteBuffer key_;
  ByteBuffer value_;
};

}  // namespace moldau::inline v0::processor
