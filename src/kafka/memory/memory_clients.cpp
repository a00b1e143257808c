#include "kafka/memory/memory_clients.h"

namespace moldau::inline v0::kafka::memory {

namespace {

class MemoryClients final : public KafkaClients {
 public:
  explicit MemoryClients(Broker& broker) : broker_(broker) {}

  Result<std::unique_ptr<Consumer>> make_consumer(const ConsumerOptions& options) override {
    return memory::make_consumer(broker_, options);
  }
  Result<std::unique_ptr<Producer>> make_producer(const ProducerOptions& options) override {
    return memory::make_producer(broker_, options);
  }
  Result<std::unique_ptr<Admin>> make_admin(const AdminOptions& options) override {
    static_cast<void>(options);  // names and network settings mean nothing here
    return memory::make_admin(broker_);
  }

 private:
  Broker& broker_;
};

}  // namespace

std::unique_ptr<KafkaClients> make_clients(Broker& broker) {
  return std::make_unique<MemoryClients>(broker);
}

}  // namespace moldau::inline v0::kafka::memory
