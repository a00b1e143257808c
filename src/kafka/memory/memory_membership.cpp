#include "kafka/memory/memory_clients.h"
#include "kafka/memory/refusals.h"

#include <optional>
#include <utility>

namespace moldau::inline v0::kafka::memory {

namespace {

// How often a state that lasts (missing topics) is reported again.
constexpr std::chrono::milliseconds report_interval{500};

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class MemoryMembership final : public GroupMembership {
 public:
  MemoryMembership(Broker& broker, MembershipOptions options)
      : broker_(broker), options_(std::move(options)), link_(std::make_shared<MemberLink>()) {
    link_->group = options_.group_id;
    link_->member_id = options_.member_id;
    link_->on_news = options_.on_event;
    snapshot_.member_id = options_.member_id;
    broker_.add(link_);
  }

  ~MemoryMembership() override {
    broker_.remove(*link_);
    const std::lock_guard lock{link_->mutex};
    link_->on_news = nullptr;
  }
  MemoryMembership(const MemoryMembership&) = delete;
  MemoryMembership& operator=(const MemoryMembership&) = delete;

  Status join(const Subscription& subscription) override {
    if (phase_ != Phase::out) {
      return Status::permanent(ErrorCode::invalid_state,
                               "member \"" + options_.member_id + "\" has joined already");
    }
    subscription_ = subscription;
    Broker::Turn turn{broker_};
    phase_ = Phase::joining;
    try_to_join(turn);
    turn.changed();
    return {};
  }

  std::vector<MembershipEvent> poll() override {
    Broker::Turn turn{broker_};
    std::vector<MembershipEvent> events;
    if (phase_ == Phase::joining) try_to_join(turn);
    if (join_refusal_) {
      events.push_back(event(MembershipEvent::Kind::fatal));
      events.back().status = *std::exchange(join_refusal_, std::nullopt);
    }
    if (phase_ != Phase::in) return events;
    if (!turn->faults.take_refusal(Call::heartbeat).ok()) return events;
    // What the group has given and asked back before the member heard of it is confirmed here: the
    // member is told nothing, so it has nothing to acknowledge.
    const std::optional<GroupAnswer> answer = group(turn).heartbeat(
        id(), unacknowledged_ ? std::nullopt : std::optional{snapshot_.owned}, turn.now());
    if (!answer) {
      lose(events);
      return events;
    }
    look_at(*answer, events);
    report(*answer, turn.now(), events);
    return events;
  }

  void acknowledge(const OwnedTasks& owned) override {
    Broker::Turn turn{broker_};
    turn.changed();
    unacknowledged_ = false;
    snapshot_.owned = owned;
    if (phase_ == Phase::lost) {
      snapshot_.epoch = MemberEpoch{0};
      assigned_.reset();
      phase_ = Phase::joining;
      return try_to_join(turn);
    }
    snapshot_.epoch = assigned_epoch_;
    const std::optional<GroupAnswer> answer = group(turn).heartbeat(id(), owned, turn.now());
    // Without new tasks the new epoch counts at once; with them, once they are acknowledged.
    if (answer && answer->tasks == assigned_) snapshot_.epoch = answer->epoch;
  }

  MemberSnapshot snapshot() const override { return snapshot_; }

  Status commit(std::span<const CommittedOffset> offsets, const MemberSnapshot& as,
                std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::commit_offsets); !status) return status;
    Status status = turn->groups.commit(options_.group_id, as, offsets);
    turn.changed();
    return turn->faults.take_dropped_answer(Call::commit_offsets) ? no_answer("a commit") : status;
  }

  void ask_for_shutdown() override {
    Broker::Turn turn{broker_};
    if (phase_ != Phase::in) return;
    group(turn).request_shutdown();
    turn.changed();
  }

  Status leave(std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    const Phase before = std::exchange(phase_, Phase::out);
    unacknowledged_ = false;
    assigned_.reset();
    snapshot_ = {.member_id = options_.member_id, .epoch = {}, .owned = {}};
    if (before == Phase::out) return {};
    if (Status status = turn->faults.take_refusal(Call::leave); !status) return status;
    group(turn).leave(id(), turn->topics);
    turn.changed();
    return turn->faults.take_dropped_answer(Call::leave) ? no_answer("a leave") : Status{};
  }

 private:
  enum class Phase : std::uint8_t { out, joining, in, lost };

  [[nodiscard]] const std::string& id() const noexcept { return options_.member_id; }
  StreamsGroup& group(Broker::Turn& turn) { return turn->groups.group(options_.group_id); }

  static MembershipEvent event(MembershipEvent::Kind kind) {
    return {.kind = kind, .target = {}, .detail = {}, .status = {}};
  }

  void try_to_join(Broker::Turn& turn) {
    Status status = turn->faults.take_refusal(Call::join);
    if (status.ok()) {
      status = group(turn).join({.member_id = id(),
                                 .process_id = options_.process_id,
                                 .rebalance_timeout = options_.rebalance_timeout,
                                 .subscription = subscription_},
                                turn->topics, turn.now());
    }
    // A lost answer is asked for again: joining twice is joining once.
    if (status.ok() && turn->faults.take_dropped_answer(Call::join)) return;
    if (status.ok()) {
      phase_ = Phase::in;
    } else if (!status.retriable()) {
      phase_ = Phase::out;
      join_refusal_ = std::move(status);
    }
  }

  void lose(std::vector<MembershipEvent>& events) {
    phase_ = Phase::lost;
    unacknowledged_ = true;
    events.push_back(event(MembershipEvent::Kind::lost));
    events.back().detail = "the group does not know member \"" + id() + "\" any more";
  }

  void look_at(const GroupAnswer& answer, std::vector<MembershipEvent>& events) {
    if (unacknowledged_) return;
    if (assigned_ == answer.tasks) {
      snapshot_.epoch = answer.epoch;
      return;
    }
    // Nothing is to be done about a first answer without tasks.
    const bool nothing = !assigned_ && answer.tasks == OwnedTasks{} &&
                         (!answer.missing_topics.empty() || !answer.mismatch.empty());
    if (nothing) return;
    assigned_ = answer.tasks;
    assigned_epoch_ = answer.epoch;
    unacknowledged_ = true;
    events.push_back(event(MembershipEvent::Kind::assigned));
    events.back().target = answer.tasks;
  }

  void report(const GroupAnswer& answer, Clock::Steady now, std::vector<MembershipEvent>& events) {
    if (answer.missing_topics.empty()) {
      missing_reported_.reset();
    } else if (!missing_reported_ || now - *missing_reported_ >= report_interval) {
      missing_reported_ = now;
      events.push_back(event(MembershipEvent::Kind::missing_topics));
      events.back().detail = joined(answer.missing_topics);
    }
    if (answer.mismatch.empty()) {
      mismatch_reported_ = false;
    } else if (!std::exchange(mismatch_reported_, true)) {
      events.push_back(event(MembershipEvent::Kind::fatal));
      events.back().status = Status::permanent(ErrorCode::invalid_request, answer.mismatch);
    }
    if (answer.shutdown_requested && !std::exchange(shutdown_reported_, true)) {
      events.push_back(event(MembershipEvent::Kind::shutdown_requested));
    }
  }

  Broker& broker_;
  MembershipOptions options_;
  std::shared_ptr<MemberLink> link_;  // shared with the broker, which calls on_news
  Subscription subscription_;
  Phase phase_ = Phase::out;
  std::optional<Status> join_refusal_;
  bool unacknowledged_ = false;         // an `assigned` or `lost` event waits for its answer
  std::optional<OwnedTasks> assigned_;  // the last target that was handed out
  MemberEpoch assigned_epoch_;          // and the epoch it came with
  MemberSnapshot snapshot_;
  std::optional<Clock::Steady> missing_reported_;
  bool mismatch_reported_ = false;
  bool shutdown_reported_ = false;
};

class MemoryMemberships final : public Memberships {
 public:
  explicit MemoryMemberships(Broker& broker) : broker_(broker) {}

  Result<std::unique_ptr<GroupMembership>> make_member(const MembershipOptions& options) override {
    if (options.group_id.empty() || options.member_id.empty()) {
      return Status::permanent(ErrorCode::invalid_request,
                               "a member needs a group id and a member id");
    }
    return std::unique_ptr<GroupMembership>{std::make_unique<MemoryMembership>(broker_, options)};
  }

  Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                   std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    if (Status status = turn->faults.take_refusal(Call::leave); !status) return status;
    for (const std::string& id : member_ids) {
      turn->groups.group(group_id).leave(id, turn->topics);
    }
    turn.changed();
    return turn->faults.take_dropped_answer(Call::leave) ? no_answer("a leave") : Status{};
  }

  Status forget_topology(const std::string& group_id,
                         std::chrono::milliseconds /*timeout*/) override {
    Broker::Turn turn{broker_};
    return turn->groups.group(group_id).forget_topology();
  }

 private:
  Broker& broker_;
};

}  // namespace

std::unique_ptr<Memberships> make_memberships(Broker& broker) {
  return std::make_unique<MemoryMemberships>(broker);
}

}  // namespace moldau::inline v0::kafka::memory
