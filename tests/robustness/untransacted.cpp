#include "robustness/untransacted.h"

#include "robustness/forwarding_membership.h"
#include "robustness/forwarding_producer.h"

#include <utility>
#include <vector>

namespace robustness {

namespace kafka = moldau::kafka;
using moldau::Result;
using moldau::Status;

namespace {

// The one member of the process. The membership belongs to the stream thread, and so does the
// producer that commits through it.
struct Member {
  kafka::GroupMembership* membership = nullptr;
};

class KnownMembership final : public ForwardingMembership {
 public:
  KnownMembership(std::unique_ptr<GroupMembership> below, Member& member)
      : ForwardingMembership(std::move(below)), member_(member) {
    member_.membership = this;
  }
  ~KnownMembership() override { member_.membership = nullptr; }
  KnownMembership(const KnownMembership&) = delete;
  KnownMembership& operator=(const KnownMembership&) = delete;

 private:
  Member& member_;
};

class UntransactedProducer final : public ForwardingProducer {
 public:
  UntransactedProducer(std::unique_ptr<Producer> below, Member& member)
      : ForwardingProducer(std::move(below)), member_(member) {}

  Status init_transactions(std::chrono::milliseconds /*timeout*/) override { return {}; }
  Status begin_transaction() override { return {}; }
  Status add_offsets(std::string_view /*group*/, std::span<const kafka::CommittedOffset> offsets,
                     const kafka::MemberSnapshot& as,
                     std::chrono::milliseconds /*timeout*/) override {
    offsets_.assign(offsets.begin(), offsets.end());
    as_ = as;
    return {};
  }
  Result<kafka::TransactionEnd> commit_transaction(std::chrono::milliseconds timeout) override {
    if (!offsets_.empty()) {
      if (Status status = member_.membership->commit(offsets_, as_, timeout); !status) {
        return status;
      }
    }
    offsets_.clear();
    return kafka::TransactionEnd{};
  }
  Result<kafka::TransactionEnd> abort_transaction(std::chrono::milliseconds /*timeout*/) override {
    offsets_.clear();
    return kafka::TransactionEnd{};
  }

 private:
  Member& member_;
  std::vector<kafka::CommittedOffset> offsets_;
  kafka::MemberSnapshot as_;
};

class UntransactedClients final : public kafka::KafkaClients {
 public:
  UntransactedClients(kafka::KafkaClients& below, Member& member)
      : below_(below), member_(member) {}

  Result<std::unique_ptr<kafka::Consumer>> make_consumer(
      const kafka::ConsumerOptions& options) override {
    return below_.make_consumer(options);
  }
  Result<std::unique_ptr<kafka::Producer>> make_producer(
      const kafka::ProducerOptions& options) override {
    kafka::ProducerOptions plain = options;
    plain.transactional_id.clear();
    plain.settings.erase("transaction.timeout.ms");
    Result<std::unique_ptr<kafka::Producer>> made = below_.make_producer(plain);
    if (!made) return made;
    return std::unique_ptr<kafka::Producer>{
        std::make_unique<UntransactedProducer>(std::move(*made), member_)};
  }
  Result<std::unique_ptr<kafka::Admin>> make_admin(const kafka::AdminOptions& options) override {
    return below_.make_admin(options);
  }

 private:
  kafka::KafkaClients& below_;
  Member& member_;
};

}  // namespace

struct UntransactedEnvironment::Parts {
  explicit Parts(const moldau::Environment& below)
      : clients(below.clients, member),
        memberships(below.memberships,
                    [this](std::unique_ptr<kafka::GroupMembership> one, const auto&) {
                      return std::make_unique<KnownMembership>(std::move(one), member);
                    }) {}

  Member member;
  UntransactedClients clients;
  ForwardingMemberships memberships;
};

UntransactedEnvironment::UntransactedEnvironment(const moldau::Environment& below)
    : below_(below), parts_(std::make_unique<Parts>(below)) {}

UntransactedEnvironment::~UntransactedEnvironment() = default;

moldau::Environment UntransactedEnvironment::environment() {
  return {.clients = parts_->clients,
          .memberships = parts_->memberships,
          .clock = below_.clock,
          .random = below_.random,
          .files = below_.files,
          .workers = below_.workers,
          .storage = below_.storage};
}

}  // namespace robustness
