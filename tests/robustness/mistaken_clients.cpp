#include "robustness/mistaken_clients.h"

#include "robustness/forwarding_producer.h"
#include "runtime/fault.h"
#include "simulation/client_mistakes.h"

#include <utility>

namespace robustness {

namespace kafka = moldau::kafka;
using moldau::Result;
using moldau::Status;

namespace {

class UnstableConsumer final : public kafka::Consumer {
 public:
  UnstableConsumer(std::unique_ptr<Consumer> below, kafka::KafkaClients& clients,
                   const kafka::ConsumerOptions& options)
      : below_(std::move(below)), unstable_(clients, options) {}

  Status assign(std::span<const kafka::PartitionPosition> partitions) override {
    return below_->assign(partitions);
  }
  void pause(std::span<const moldau::TopicPartition> partitions) override {
    below_->pause(partitions);
  }
  void resume(std::span<const moldau::TopicPartition> partitions) override {
    below_->resume(partitions);
  }
  Status poll(std::chrono::milliseconds timeout, kafka::Polled& into) override {
    return below_->poll(timeout, into);
  }
  Result<std::vector<kafka::CommittedOffset>> committed(
      std::span<const moldau::TopicPartition> partitions,
      std::chrono::milliseconds timeout) override {
    return unstable_.committed(partitions, timeout);
  }
  void forget_question() override { below_->forget_question(); }
  std::optional<moldau::Offset> known_end(const moldau::TopicPartition& partition) const override {
    return below_->known_end(partition);
  }
  void wake() override { below_->wake(); }

 private:
  std::unique_ptr<Consumer> below_;
  moldau::simulation::UnstableOffsets unstable_;
};

class LogEndProducer final : public ForwardingProducer {
 public:
  LogEndProducer(std::unique_ptr<Producer> below, kafka::KafkaClients& clients,
                 const kafka::ProducerOptions& options)
      : ForwardingProducer(std::move(below)), log_ends_(clients, options) {}

  moldau::TopicHandle topic(std::string_view name, bool track_acks) override {
    const moldau::TopicHandle handle = ForwardingProducer::topic(name, track_acks);
    log_ends_.named(handle, name);
    return handle;
  }
  Status begin_transaction() override {
    log_ends_.begun();
    return ForwardingProducer::begin_transaction();
  }
  Result<kafka::TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) override {
    Result<kafka::TransactionEnd> ended = ForwardingProducer::commit_transaction(timeout);
    if (ended) log_ends_.committed();
    return ended;
  }
  kafka::Deliveries take_deliveries() override {
    kafka::Deliveries deliveries = ForwardingProducer::take_deliveries();
    log_ends_.report(deliveries, patience);
    return deliveries;
  }

 private:
  static constexpr std::chrono::milliseconds patience{5'000};

  moldau::simulation::LogEnds log_ends_;
};

}  // namespace

Result<std::unique_ptr<kafka::Consumer>> MistakenClients::make_consumer(
    const kafka::ConsumerOptions& options) {
  auto below = below_.make_consumer(options);
  if (!below || !MOLDAU_MUTATION("no-stable-offsets")) return below;
  return std::unique_ptr<kafka::Consumer>{
      std::make_unique<UnstableConsumer>(*std::move(below), below_, options)};
}

Result<std::unique_ptr<kafka::Producer>> MistakenClients::make_producer(
    const kafka::ProducerOptions& options) {
  auto below = below_.make_producer(options);
  if (!below) return below;
  std::unique_ptr<kafka::Producer> producer = *std::move(below);
  if (!options.transactional_id.empty()) producer = rule_.watch(std::move(producer), options);
  if (!MOLDAU_MUTATION("position-is-log-end")) return producer;
  return std::unique_ptr<kafka::Producer>{
      std::make_unique<LogEndProducer>(std::move(producer), below_, options)};
}

}  // namespace robustness
