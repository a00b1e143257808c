#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"
#include "membership/classic/classic_reactions.h"
#include "membership/classic/member_data.h"
#include "membership/event_outbox.h"
#include "membership/member_advice.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace moldau::inline v0::membership::classic {

// One member of a classic group: joins, is told what to run by the member that leads, and joins
// again whenever the group wants that, keeping its tasks. It does no I/O, reads no clock and waits
// for nothing: the stream thread's calls and the worker's calls come in, events and requests go
// out.
//
// A member is known by an instance id that survives restarts (static membership), so that a killed
// process gets its tasks back when it returns.
//
// What keeps results right: with every join the member says what it runs or may be about to run,
// and the leader gives none of that to others. A task is given up by acknowledge() only; then the
// member joins again. So a new generation may always speak for what is owned.
//
// Not locked: its owner is.
class ClassicProtocol {
 public:
  using Join = kafka::wire::JoinGroupRequest;
  using Sync = kafka::wire::SyncGroupRequest;
  using Heartbeat = kafka::wire::HeartbeatRequest;
  using Leave = kafka::wire::LeaveGroupRequest;
  using Request = std::variant<Join, Sync, Heartbeat, Leave>;

  struct Identity {
    std::string group_id;
    std::string instance_id;
    std::string process_id;
    std::chrono::milliseconds rebalance_timeout{300'000};
    std::chrono::milliseconds session_timeout{45'000};
    std::chrono::milliseconds heartbeat_interval{3'000};
    std::int64_t first_nonce = 0;  // another one for every process
    kafka::TaskSet stored = {};    // tasks whose state is on the disk of the process
    // Whether to leave without telling the group, which keeps the tasks for the session. May be
    // null. Shared by the members of the process and whoever stops it.
    std::shared_ptr<const std::atomic<bool>> holds_place = {};
  };

  enum class State : std::uint8_t {
    unjoined,
    joining,  // for the first time, or again with its tasks
    leading,  // the worker makes the assignments
    syncing,
    stable,
    fenced,  // not in the group any more; the stream thread has to give up its tasks first
    leaving,
    fatal,
  };

  explicit ClassicProtocol(Identity identity);

  // --- by the stream thread; as in MemberProtocol ---

  // REQUIRES: state is unjoined.
  void join(const kafka::Subscription& subscription, Clock::Steady now);
  [[nodiscard]] std::vector<kafka::MembershipEvent> poll(Clock::Steady now);
  void acknowledge(const kafka::OwnedTasks& owned, Clock::Steady now);
  [[nodiscard]] const kafka::MemberSnapshot& snapshot() const noexcept { return snapshot_; }
  void ask_for_shutdown(Clock::Steady now);
  void leave(Clock::Steady now);
  void give_up_leaving();
  // The snapshot with those of its tasks only that read these partitions.
  [[nodiscard]] kafka::MemberSnapshot narrowed(
      const kafka::MemberSnapshot& as, std::span<const kafka::CommittedOffset> offsets) const;
  [[nodiscard]] bool owns(const kafka::MemberSnapshot& as) const;
  [[nodiscard]] StaleCommit commit_was_stale(const kafka::MemberSnapshot& as, MemberEpoch tried,
                                             Clock::Steady now);
  void hurry(Clock::Steady now);

  // --- by the worker ---

  void tick(Clock::Steady now);
  // When a request is wanted; nullopt: none, or one is under way.
  [[nodiscard]] std::optional<Clock::Steady> request_due() const;
  [[nodiscard]] std::optional<Clock::Steady> tick_due() const;
  // REQUIRES: request_due(). Exactly one of answered() and unanswered() follows.
  [[nodiscard]] Request next_request(Clock::Steady now);
  Advice answered(const Join::Response& answer, Clock::Steady now);
  Advice answered(const Sync::Response& answer, Clock::Steady now);
  Advice answered(const Heartbeat::Response& answer, Clock::Steady now);
  Advice answered(const Leave::Response& answer, Clock::Steady now);
  // The request may or may not have been carried out; each may be repeated.
  void unanswered(Clock::Steady now);
  // The answer that is under way is of no use any more, and may be long in coming.
  [[nodiscard]] bool abandons() const;
  // How long an answer may take: a join is answered when all have joined.
  [[nodiscard]] std::chrono::milliseconds patience() const;
  void unreachable_for_good(const Status& why);
  void tell_waiting(std::string detail);
  [[nodiscard]] const std::string& waiting_for() const noexcept { return waiting_for_; }
  [[nodiscard]] bool take_announcement() { return thread_.outbox.take_announcement(); }

  // What the group is made of, while this member is to make the assignments; else nullptr.
  [[nodiscard]] const std::vector<Join::Response::Member>* to_lead() const;
  // The assignments are made. Nothing if they are not wanted any more.
  void lead(std::vector<Sync::Assignment> assignments, Clock::Steady now);
  // This member leads a group that is at work.
  [[nodiscard]] bool leads() const { return state_ == State::stable && group_.leads; }
  // What assignments are made from has changed.
  void ask_again(Clock::Steady now);

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const Identity& identity() const noexcept { return identity_; }
  [[nodiscard]] const kafka::Subscription& subscription() const noexcept { return subscription_; }
  [[nodiscard]] std::uint64_t topology() const noexcept { return data_.topology; }

 private:
  enum class Kind : std::uint8_t { join, sync, heartbeat, leave };

  [[nodiscard]] std::optional<Kind> next_kind() const;
  [[nodiscard]] Request request(Kind kind);
  [[nodiscard]] bool is_member() const;
  [[nodiscard]] bool expects(Kind kind) const { return next_kind() == kind; }
  [[nodiscard]] kafka::OwnedTasks claim() const;

  Advice refused(Kind kind, const Refused& refusal, Clock::Steady now);
  void take(const AssignmentData& assignment, Clock::Steady now);
  void settle(Clock::Steady now);
  void reconcile();
  [[nodiscard]] bool has_given_up() const;
  void begin_joining(Clock::Steady now);
  void join_again(Clock::Steady now);
  void lose(std::string detail, Clock::Steady now);
  void fail(Status status, bool leave_at_once);
  void ended();
  void publish();
  void set_owned(const kafka::OwnedTasks& owned);

  // What the group has told.
  struct Group {
    std::string member_id;  // given by the coordinator
    MemberEpoch generation;
    bool leads = false;
    std::vector<Join::Response::Member> members;  // while leading
    std::optional<kafka::OwnedTasks> target;
    bool knows_us = false;  // or may know, after a join
  };
  // What the stream thread has told, and is to be told.
  struct Thread {
    EventOutbox outbox;
    kafka::OwnedTasks owned;
    std::map<TaskId, MemberEpoch> since;  // the generation an active task was taken in
    kafka::OwnedTasks asked;              // the target that is with it
    bool has_assignment = false;          // it has answered one since the join
  };
  struct Sending {
    std::optional<Kind> in_flight;
    std::vector<Sync::Assignment> assignments;
    kafka::OwnedTasks claimed;  // with the last join
    bool leave_due = false;     // of a member that is fenced or fatal
    bool asks_for_shutdown = false;
    bool shutdown_is_known = false;  // the leader has heard of it
    bool leaves_then = false;        // once it is known
  };
  struct Times {
    Clock::Steady next;                  // when the next request is wanted
    Clock::Steady sent;                  // the last one
    Clock::Steady heard;                 // when the last request that succeeded was sent
    Clock::Steady seen;                  // when the stream thread last looked
    std::optional<Clock::Steady> again;  // when to join again, if nothing happens before
  };

  const Identity identity_;
  kafka::Subscription subscription_;
  SubscriptionData data_;
  State state_ = State::unjoined;
  kafka::MemberSnapshot snapshot_;
  std::string waiting_for_;
  Group group_;
  Thread thread_;
  Sending sending_;
  Times times_;
};

}  // namespace moldau::inline v0::membership::classic
