#include "moldau/base/assert.h"

#include "runtime/committer.h"
#include "runtime/fault.h"
#include "runtime/running_tasks.h"

#include <utility>

namespace moldau::inline v0::runtime {

namespace {

class ExactlyOnceCommitter final : public Committer {
 public:
  ExactlyOnceCommitter(ThreadProducer& producer, std::string group)
      : producer_(producer), group_(std::move(group)) {}

  void begin(std::span<StreamTask* const> tasks, kafka::MemberSnapshot as, Timestamp now) override {
    MOLDAU_ASSERT(idle());
    tasks_.assign(tasks.begin(), tasks.end());
    as_ = std::move(as);
    begun_at_ = now;
    // The phase is set first: if a flush throws, the thread cancels what has begun.
    phase_ = Phase::flushing;
    offsets_ = begin_commit(tasks_);
  }

  CommitProgress step(std::chrono::milliseconds timeout) override {
    switch (phase_) {
      case Phase::idle:
        MOLDAU_ASSERT(false);
        return {};
      case Phase::flushing:
        return flush(timeout);
      case Phase::sending_offsets:
        return send_offsets(timeout);
      case Phase::ending:
        return end_transaction(timeout);
    }
    return {};
  }

  // Once the end of the transaction is on its way nobody can take it back.
  bool cancel() override {
    if (phase_ == Phase::ending) return false;
    phase_ = Phase::idle;
    return true;
  }

  bool idle() const noexcept override { return phase_ == Phase::idle; }

  std::string_view doing() const noexcept override {
    switch (phase_) {
      case Phase::idle:
        return "idle";
      case Phase::flushing:
        return "flushing the producer";
      case Phase::sending_offsets:
        return "sending offsets to the transaction";
      case Phase::ending:
        return "ending the transaction";
    }
    return "";
  }

 private:
  enum class Phase : std::uint8_t { idle, flushing, sending_offsets, ending };
  using Kind = CommitProgress::Kind;

  CommitProgress flush(std::chrono::milliseconds timeout) {
    if (!producer_.in_transaction() && offsets_.empty()) return apply({});
    if (Status status = producer_.flush(timeout); !status) return refused_unless_retriable(status);
    MOLDAU_FAULT("commit.after_flush");
    if (MOLDAU_MUTATION("early-local-write")) {
      for (StreamTask* task : tasks_) task->commit_stores(producer_);
    }
    phase_ = Phase::sending_offsets;
    return send_offsets(timeout);
  }

  CommitProgress send_offsets(std::chrono::milliseconds timeout) {
    if (Status status = producer_.begin_if_needed(); !status) {
      return refused_unless_retriable(status);
    }
    if (!offsets_.empty()) {
      const kafka::MemberSnapshot anybody;
      const kafka::MemberSnapshot& as = MOLDAU_MUTATION("no-generation-check") ? anybody : as_;
      if (Status status = producer_.add_offsets(group_, offsets_, as, timeout); !status) {
        if (status.code() == ErrorCode::stale_member) return end(Kind::member_lost, status);
        return refused_unless_retriable(status);
      }
      MOLDAU_FAULT("commit.after_add_offsets");
    }
    phase_ = Phase::ending;
    return end_transaction(timeout);
  }

  CommitProgress end_transaction(std::chrono::milliseconds timeout) {
    const Result<kafka::TransactionEnd> ended = producer_.commit_transaction(timeout);
    if (ended) {
      MOLDAU_FAULT("commit.after_end_txn");
      return apply(*ended);
    }
    const Status& status = ended.error();
    if (status.retriable()) return {};
    // An abortable error is the producer's own word that the transaction has not been committed;
    // anything else leaves it open whether the request got through.
    return end(status.requires_abort() ? Kind::refused : Kind::unknown, status);
  }

  // The transaction is committed: what the changelog has must get into the stores, each in one
  // batch. Its offsets were ours to commit after this commit had begun, so nobody else had written
  // before. How long the process may have stood still since then is of no concern.
  CommitProgress apply(kafka::TransactionEnd ended) {
    phase_ = Phase::idle;
    if (!offsets_.empty()) {
      for (StreamTask* task : tasks_) task->owned_at(begun_at_);
    }
    if (MOLDAU_MUTATION("position-is-log-end")) producer_.collect();
    for (StreamTask* task : tasks_) {
      task->commit_stores(producer_);
      MOLDAU_FAULT("commit.between_stores");
    }
    producer_.begin_new_commit();
    for (StreamTask* task : tasks_) task->end_commit();
    MOLDAU_FAULT("commit.after_stores");
    return {.kind = Kind::committed, .status = {}, .replace_producer = !ended.clean};
  }

  CommitProgress refused_unless_retriable(const Status& status) {
    return status.retriable() ? CommitProgress{} : end(Kind::refused, status);
  }

  CommitProgress end(Kind kind, const Status& status) {
    phase_ = Phase::idle;
    return {.kind = kind, .status = status};
  }

  ThreadProducer& producer_;
  std::string group_;
  Phase phase_ = Phase::idle;
  std::vector<StreamTask*> tasks_;
  std::vector<kafka::CommittedOffset> offsets_;
  kafka::MemberSnapshot as_;
  Timestamp begun_at_;
};

}  // namespace

std::unique_ptr<Committer> make_exactly_once_committer(ThreadProducer& producer,
                                                       std::string group) {
  return std::make_unique<ExactlyOnceCommitter>(producer, std::move(group));
}

}  // namespace moldau::inline v0::runtime
