#pragma once

#include "moldau/kafka/clients.h"
#include "moldau/streams/environment.h"

#include <functional>
#include <memory>
#include <utility>

namespace robustness {

// The environment with other access to the cluster. `clients` must outlive it.
inline moldau::Environment with_clients(const moldau::Environment& below,
                                        moldau::kafka::KafkaClients& clients) {
  return {.clients = clients,
          .memberships = below.memberships,
          .clock = below.clock,
          .random = below.random,
          .files = below.files,
          .workers = below.workers,
          .storage = below.storage};
}

// Clients of another cluster access, with something put round each producer.
class WrappedProducers final : public moldau::kafka::KafkaClients {
 public:
  using ProducerPtr = std::unique_ptr<moldau::kafka::Producer>;
  using Wrap = std::function<ProducerPtr(ProducerPtr)>;

  // `below` must outlive this. `wrap` is called on any thread.
  WrappedProducers(KafkaClients& below, Wrap wrap) : below_(below), wrap_(std::move(wrap)) {}

  moldau::Result<std::unique_ptr<moldau::kafka::Consumer>> make_consumer(
      const moldau::kafka::ConsumerOptions& options) override {
    return below_.make_consumer(options);
  }
  moldau::Result<ProducerPtr> make_producer(
      const moldau::kafka::ProducerOptions& options) override {
    moldau::Result<ProducerPtr> made = below_.make_producer(options);
    if (!made) return made;
    return wrap_(*std::move(made));
  }
  moldau::Result<std::unique_ptr<moldau::kafka::Admin>> make_admin(
      const moldau::kafka::AdminOptions& options) override {
    return below_.make_admin(options);
  }

 private:
  KafkaClients& below_;
  Wrap wrap_;
};

}  // namespace robustness
