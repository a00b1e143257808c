#include "moldau/base/assert.h"

#include "runtime/committer.h"
#include "runtime/fault.h"
#include "runtime/running_tasks.h"

#include <utility>

namespace moldau::inline v0::runtime {

Committer::~Committer() = default;

namespace {

class AtLeastOnceCommitter final : public Committer {
 public:
  AtLeastOnceCommitter(ThreadProducer& producer, kafka::GroupMembership& membership)
      : producer_(producer), membership_(membership) {}

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
    if (phase_ == Phase::flushing) {
      if (Status status = producer_.flush(timeout); !status) {
        if (status.retriable()) return {};
        return end({.kind = CommitProgress::Kind::refused, .status = std::move(status)});
      }
      MOLDAU_FAULT("commit.after_flush");
      for (StreamTask* task : tasks_) task->commit_stores(producer_);
      producer_.begin_new_commit();
      phase_ = Phase::sending_offsets;
      MOLDAU_FAULT("commit.after_stores");
    }
    if (!offsets_.empty()) {
      if (Status status = membership_.commit(offsets_, as_, timeout); !status) {
        if (status.retriable()) return {};
        return end({.kind = status.fenced() ? CommitProgress::Kind::member_lost
                                            : CommitProgress::Kind::refused,
                    .status = std::move(status)});
      }
      MOLDAU_FAULT("commit.after_offsets");
      // They were ours when this commit began. The stores, which had to be first, say so with the
      // next one.
      for (StreamTask* task : tasks_) task->owned_at(begun_at_);
    }
    for (StreamTask* task : tasks_) task->end_commit();
    return end({.kind = CommitProgress::Kind::committed});
  }

  bool cancel() override {
    phase_ = Phase::idle;  // every step may be left out: the input is read again
    return true;
  }

  bool idle() const noexcept override { return phase_ == Phase::idle; }

  std::string_view doing() const noexcept override {
    return phase_ == Phase::flushing ? "flushing the producer" : "committing offsets";
  }

 private:
  enum class Phase : std::uint8_t { idle, flushing, sending_offsets };

  CommitProgress end(CommitProgress progress) {
    phase_ = Phase::idle;
    return progress;
  }

  ThreadProducer& producer_;
  kafka::GroupMembership& membership_;
  Phase phase_ = Phase::idle;
  std::vector<StreamTask*> tasks_;
  std::vector<kafka::CommittedOffset> offsets_;
  kafka::MemberSnapshot as_;
  Timestamp begun_at_;
};

}  // namespace

std::unique_ptr<Committer> make_at_least_once_committer(ThreadProducer& producer,
                                                        kafka::GroupMembership& membership) {
  return std::make_unique<AtLeastOnceCommitter>(producer, membership);
}

}  // namespace moldau::inline v0::runtime
