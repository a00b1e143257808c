#pragma once

#include "moldau/kafka/clients.h"

#include "robustness/commit_rule.h"

namespace robustness {

// Clients like those below them, which make the mistakes that are made in a client, if the one that
// is chosen is one of them (simulation/client_mistakes.h). Transactional producers are watched.
// `below` and `rule` must outlive them.
class MistakenClients final : public moldau::kafka::KafkaClients {
 public:
  MistakenClients(moldau::kafka::KafkaClients& below, CommitRule& rule)
      : below_(below), rule_(rule) {}

  moldau::Result<std::unique_ptr<moldau::kafka::Consumer>> make_consumer(
      const moldau::kafka::ConsumerOptions& options) override;
  moldau::Result<std::unique_ptr<moldau::kafka::Producer>> make_producer(
      const moldau::kafka::ProducerOptions& options) override;
  moldau::Result<std::unique_ptr<moldau::kafka::Admin>> make_admin(
      const moldau::kafka::AdminOptions& options) override {
    return below_.make_admin(options);
  }

 private:
  moldau::kafka::KafkaClients& below_;
  CommitRule& rule_;
};

}  // namespace robustness
