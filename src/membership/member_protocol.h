#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"
#include "membership/event_outbox.h"
#include "membership/group_conditions.h"
#include "membership/heartbeat_pace.h"
#include "membership/member_advice.h"
#include "membership/refusal.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace moldau::inline v0::membership {

// One member of a streams group (KIP-1071): decides what to ask the coordinator and when, and what
// its answers come to. It does no I/O, reads no clock and waits for nothing: the stream thread's
// calls and the worker's calls come in, events and requests go out.
//
// Nothing it sends gives a task away that acknowledge() has not given up: what is owned changes
// there only, and a heartbeat without lists is not an acknowledgement.
//
// Not locked: its owner is.
class MemberProtocol {
 public:
  using Heartbeat = kafka::wire::StreamsGroupHeartbeatRequest;
  using Describe = kafka::wire::StreamsGroupDescribeRequest;
  using Request = std::variant<Heartbeat, Describe>;

  struct Identity {
    std::string group_id;
    std::string member_id;
    std::string process_id;
    std::chrono::milliseconds rebalance_timeout{300'000};
  };

  enum class State : std::uint8_t {
    unjoined,
    joining,
    stable,       // runs what the group wants it to run
    reconciling,  // an assignment is with the stream thread
    fenced,       // not in the group any more; the stream thread has to give up its tasks first
    recovering,   // an answer was lost, and with it perhaps an assignment
    leaving,
    fatal,
  };

  explicit MemberProtocol(Identity identity, HeartbeatPace pace = {});

  // --- by the stream thread ---

  // REQUIRES: state is unjoined.
  void join(kafka::wire::Topology topology, Clock::Steady now);
  [[nodiscard]] std::vector<kafka::MembershipEvent> poll(Clock::Steady now);
  // Nothing if no question is waiting for an answer.
  void acknowledge(const kafka::OwnedTasks& owned, Clock::Steady now);
  [[nodiscard]] const kafka::MemberSnapshot& snapshot() const noexcept { return snapshot_; }
  // From here on every request asks all members to stop.
  void ask_for_shutdown(Clock::Steady now);
  // Ends in `unjoined`: at once if the group cannot know this member.
  void leave(Clock::Steady now);
  // The answer to leave() is not waited for any longer.
  void give_up_leaving();

  // What `as` owned is owned still: the newest epoch may speak for it.
  [[nodiscard]] bool owns(const kafka::MemberSnapshot& as) const;

  // A commit as `tried` was refused as stale, for tasks owned by `as`. The next heartbeat leaves
  // at once, because the group knows more than this member.
  [[nodiscard]] StaleCommit commit_was_stale(const kafka::MemberSnapshot& as, MemberEpoch tried,
                                             Clock::Steady now);
  // A commit was answered with "unknown member": the next heartbeat says it too.
  void hurry(Clock::Steady now);

  // --- by the worker ---

  // Notices what has not happened for too long.
  void tick(Clock::Steady now);
  // When a request is wanted; nullopt: none, or one is under way.
  [[nodiscard]] std::optional<Clock::Steady> request_due() const;
  // When tick() may have something to notice.
  [[nodiscard]] std::optional<Clock::Steady> tick_due() const;
  // REQUIRES: request_due(). Exactly one of answered() and unanswered() follows.
  [[nodiscard]] Request next_request(Clock::Steady now);
  Advice answered(const Heartbeat::Response& answer, Clock::Steady now);
  Advice answered(const Describe::Response& answer, Clock::Steady now);
  // The request may or may not have been carried out.
  void unanswered(Clock::Steady now);
  // No coordinator can be had, and trying again will not help. A member that is in the group goes
  // on trying all the same, until its session is over.
  void unreachable_for_good(const Status& why);
  void tell_waiting(std::string detail);

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const Identity& identity() const noexcept { return identity_; }
  // What the group, or an operator, has to do before this member gets on; empty: nothing.
  [[nodiscard]] const std::string& waiting_for() const noexcept { return group_.waiting_for; }
  // True once after poll() has got something new.
  [[nodiscard]] bool take_announcement() { return thread_.outbox.take_announcement(); }

 private:
  enum class Kind : std::uint8_t { join, delta, acknowledgement, question, describe, leave };
  // How a lost assignment is got back: ask for it, or, if that fails, suspend and join again.
  enum class Recovery : std::uint8_t { ask, describe, suspend };

  [[nodiscard]] std::optional<Kind> next_kind() const;
  [[nodiscard]] Heartbeat heartbeat(Kind kind) const;
  [[nodiscard]] bool is_member() const;
  // False if the member has moved on since it asked.
  [[nodiscard]] bool expects(Kind kind) const;

  Advice refused(Kind kind, const Refusal& refusal, Clock::Steady now);
  void repeat(Kind kind, Clock::Steady at);
  void accepted(Kind kind, const Heartbeat::Response& answer, Clock::Steady now);
  // False if the tasks are none of ours.
  bool take_target(const std::vector<kafka::wire::TaskIds>& active,
                   const std::vector<kafka::wire::TaskIds>& standby);
  void described(const Describe::Response& answer, Clock::Steady now);
  void reconcile();
  void publish(MemberEpoch epoch);
  void ask_thread(kafka::OwnedTasks target);

  void begin_joining(Clock::Steady now);
  void begin_recovery(Clock::Steady now);
  void suspend(Clock::Steady now);
  void lose(std::string detail);
  void fail(Status status, bool leave_at_once = false);
  void ended();
  [[nodiscard]] std::chrono::milliseconds pause(Clock::Steady now,
                                                bool gave_up_standbys = false) const;

  // What the group has told.
  struct Group {
    MemberEpoch epoch;
    std::int32_t endpoint_epoch = -1;
    std::chrono::milliseconds interval{0};  // the longest pause between heartbeats
    std::optional<kafka::OwnedTasks> target;
    GroupConditions conditions;
    std::string waiting_for;
    bool knows_us = false;  // or may know, after a join
  };
  // What the stream thread has told, and is to be told.
  struct Thread {
    EventOutbox outbox;
    kafka::OwnedTasks owned;
    bool has_assignment = false;  // it has answered one since the join
    MemberEpoch asked_epoch;      // of the target that is with it
  };
  // What is sent, and to be sent.
  struct Sending {
    std::optional<Kind> in_flight;
    bool acknowledgement_due = false;
    bool gives_up_standbys = false;  // with the acknowledgement
    bool leave_due = false;          // of a member that is fenced or fatal
    bool asks_for_shutdown = false;
    Recovery recovery = Recovery::ask;
    int fruitless_asks = 0;
  };
  struct Times {
    Clock::Steady next;          // when the next request is wanted
    Clock::Steady sent;          // the last one
    Clock::Steady heard;         // when the last heartbeat that succeeded was sent
    Clock::Steady seen;          // when the stream thread last looked
    Clock::Steady settled_from;  // when a new epoch is no news any more
  };

  const Identity identity_;
  const HeartbeatPace pace_;
  kafka::wire::Topology topology_;
  State state_ = State::unjoined;
  kafka::MemberSnapshot snapshot_;
  Group group_;
  Thread thread_;
  Sending sending_;
  Times times_;
};

}  // namespace moldau::inline v0::membership
