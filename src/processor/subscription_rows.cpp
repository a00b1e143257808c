#include "moldau/processor/subscription_rows.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include <cstdint>
#include <string>
#include <utility>

namespace moldau::inline v0::processor {

namespace {

constexpr std::size_t length_size = sizeof(std::int32_t);

}  // namespace

SubscriptionCursor::SubscriptionCursor(std::unique_ptr<state::BytesIterator> at, std::size_t prefix)
    : at_(std::move(at)), prefix_(prefix) {}

void SubscriptionRows::open(state::StateStore& store) {
  store_ = dynamic_cast<state::KeyValueBytesStore*>(&store);
  if (store_ == nullptr) {
    throw TopologyError("store \"" + std::string{store.name()} +
                        "\" is not a key-value store: a foreign-key join cannot use it");
  }
}

ByteBuffer& SubscriptionRows::start_foreign_key() {
  key_.resize(length_size);
  return key_;
}

void SubscriptionRows::finish_foreign_key() {
  store_big_endian(static_cast<std::int32_t>(key_.size() - length_size), key_.data());
}

void SubscriptionRows::append_primary_key(const Subscription& subscription) {
  finish_foreign_key();
  key_.append(subscription.primary_key);
}

void SubscriptionRows::put(const Subscription& subscription, const RecordContext& context) {
  append_primary_key(subscription);
  value_.clear();
  Serde<Subscription>::serialize(subscription, value_);
  store_->put(key_, value_.bytes(), context);
}

void SubscriptionRows::remove(const Subscription& subscription, const RecordContext& context) {
  append_primary_key(subscription);
  store_->put(key_, std::nullopt, context);
}

SubscriptionCursor SubscriptionRows::subscriptions() {
  finish_foreign_key();
  return {store_->range(state::ByteRange::with_prefix(key_), state::Direction::forward),
          key_.size()};
}

}  // namespace moldau::inline v0::processor
