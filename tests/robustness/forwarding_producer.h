#pragma once

#include "moldau/kafka/producer.h"

#include <memory>
#include <utility>

namespace robustness {

// A producer that passes every call on to another one. A test changes the calls it is about.
class ForwardingProducer : public moldau::kafka::Producer {
 public:
  explicit ForwardingProducer(std::unique_ptr<moldau::kafka::Producer> below)
      : below_(std::move(below)) {}

  moldau::TopicHandle topic(std::string_view name, bool track_acks) override {
    return below_->topic(name, track_acks);
  }
  moldau::Result<std::int32_t> partitions(moldau::TopicHandle topic,
                                          std::chrono::milliseconds timeout) override {
    return below_->partitions(topic, timeout);
  }
  moldau::Status send(const moldau::OutgoingRecord& record) override {
    return below_->send(record);
  }
  moldau::kafka::Deliveries take_deliveries() override { return below_->take_deliveries(); }
  moldau::Status flush(std::chrono::milliseconds timeout) override {
    return below_->flush(timeout);
  }
  moldau::Status init_transactions(std::chrono::milliseconds timeout) override {
    return below_->init_transactions(timeout);
  }
  moldau::Status begin_transaction() override { return below_->begin_transaction(); }
  moldau::Status add_offsets(std::string_view group,
                             std::span<const moldau::kafka::CommittedOffset> offsets,
                             const moldau::kafka::MemberSnapshot& as,
                             std::chrono::milliseconds timeout) override {
    return below_->add_offsets(group, offsets, as, timeout);
  }
  moldau::Result<moldau::kafka::TransactionEnd> commit_transaction(
      std::chrono::milliseconds timeout) override {
    return below_->commit_transaction(timeout);
  }
  moldau::Result<moldau::kafka::TransactionEnd> abort_transaction(
      std::chrono::milliseconds timeout) override {
    return below_->abort_transaction(timeout);
  }
  void purge() override { below_->purge(); }

 private:
  std::unique_ptr<moldau::kafka::Producer> below_;
};

}  // namespace robustness
