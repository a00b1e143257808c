#include "robustness/believed_ends.h"

#include "robustness/forwarding_producer.h"
#include "robustness/wrapped_producers.h"

#include <utility>

namespace robustness {

namespace kafka = moldau::kafka;
using moldau::Result;

namespace {

class BelievingProducer final : public ForwardingProducer {
 public:
  using ForwardingProducer::ForwardingProducer;

  Result<kafka::TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) override {
    return believed(ForwardingProducer::commit_transaction(timeout));
  }
  Result<kafka::TransactionEnd> abort_transaction(std::chrono::milliseconds timeout) override {
    return believed(ForwardingProducer::abort_transaction(timeout));
  }

 private:
  static Result<kafka::TransactionEnd> believed(Result<kafka::TransactionEnd> end) {
    if (end) end->clean = true;
    return end;
  }
};

}  // namespace

BelievedEndsEnvironment::BelievedEndsEnvironment(const moldau::Environment& below)
    : below_(below), clients_(std::make_unique<WrappedProducers>(below.clients, [](auto made) {
        return std::make_unique<BelievingProducer>(std::move(made));
      })) {}

moldau::Environment BelievedEndsEnvironment::environment() {
  return with_clients(below_, *clients_);
}

}  // namespace robustness
