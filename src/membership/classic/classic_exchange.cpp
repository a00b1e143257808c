#include "moldau/base/assert.h"

#include "kafka/wire/errors.h"
#include "membership/classic/classic_protocol.h"

#include <algorithm>
#include <utility>

// What a member asks the coordinator, and what it does about the answers.
namespace moldau::inline v0::membership::classic {

namespace {

using std::chrono::milliseconds;
using Event = kafka::MembershipEvent;

constexpr milliseconds answer_time{10'000};
// A rebalance takes as long as the slowest member allows, which may be another one.
constexpr milliseconds longest_rebalance{300'000};

}  // namespace

bool ClassicProtocol::abandons() const {
  return sending_.in_flight == Kind::join && state_ != State::joining;
}

milliseconds ClassicProtocol::patience() const {
  if (sending_.in_flight != Kind::join) return answer_time;
  return std::max(identity_.rebalance_timeout, longest_rebalance) + answer_time;
}

ClassicProtocol::Request ClassicProtocol::next_request(Clock::Steady now) {
  MOLDAU_ASSERT(request_due());
  const Kind kind = *next_kind();
  sending_.in_flight = kind;
  times_.sent = now;
  return request(kind);
}

ClassicProtocol::Request ClassicProtocol::request(Kind kind) {
  switch (kind) {
    case Kind::join:
      group_.knows_us = true;
      data_.owned = sending_.claimed = claim();
      data_.asks_for_shutdown = sending_.asks_for_shutdown;
      return Join{
          .group_id = identity_.group_id,
          .session_timeout_ms = static_cast<std::int32_t>(identity_.session_timeout.count()),
          .rebalance_timeout_ms = static_cast<std::int32_t>(identity_.rebalance_timeout.count()),
          .member_id = group_.member_id,
          .group_instance_id = identity_.instance_id,
          .protocol_type = std::string{protocol_type},
          .protocols = {{.name = std::string{protocol_name}, .metadata = encode(data_)}}};
    case Kind::sync:
      return Sync{.group_id = identity_.group_id,
                  .generation_id = group_.generation.value(),
                  .member_id = group_.member_id,
                  .group_instance_id = identity_.instance_id,
                  .assignments = sending_.assignments};
    case Kind::heartbeat:
      return Heartbeat{.group_id = identity_.group_id,
                       .generation_id = group_.generation.value(),
                       .member_id = group_.member_id,
                       .group_instance_id = identity_.instance_id};
    case Kind::leave:
      break;
  }
  sending_.leave_due = false;
  return Leave{
      .group_id = identity_.group_id,
      .members = {{.member_id = group_.member_id, .group_instance_id = identity_.instance_id}}};
}

// What is owned, and what may be owned before the leader reads this.
kafka::OwnedTasks ClassicProtocol::claim() const {
  kafka::OwnedTasks claim = thread_.owned;
  if (thread_.outbox.asked() == Event::Kind::assigned) {
    claim.active.insert(thread_.asked.active.begin(), thread_.asked.active.end());
    claim.standby.insert(thread_.asked.standby.begin(), thread_.asked.standby.end());
  }
  return claim;
}

Advice ClassicProtocol::answered(const Join::Response& answer, Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  if (answer.error_code != kafka::wire::error_code::none) {
    const Refused refusal = judge_classic(answer.error_code, identity_.group_id);
    if (refusal.reaction == Reaction::take_member_id && expects(kind)) {
      group_.member_id = answer.member_id;
    }
    return refused(kind, refusal, now);
  }
  if (!expects(kind)) return Advice::go_on;
  group_.member_id = answer.member_id;
  group_.generation = MemberEpoch{answer.generation_id};
  group_.leads = answer.leader == answer.member_id && !answer.members.empty();
  group_.members = answer.members;
  sending_.assignments.clear();
  times_.heard = now;
  times_.next = now;
  state_ = group_.leads ? State::leading : State::syncing;
  publish();
  return Advice::go_on;
}

Advice ClassicProtocol::answered(const Sync::Response& answer, Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  if (answer.error_code != kafka::wire::error_code::none) {
    return refused(kind, judge_classic(answer.error_code, identity_.group_id), now);
  }
  if (!expects(kind)) return Advice::go_on;
  times_.heard = times_.sent;
  times_.next = now + identity_.heartbeat_interval;
  state_ = State::stable;
  sending_.assignments.clear();
  const Result<AssignmentData> assignment = decode_assignment(Bytes{answer.assignment});
  if (assignment) {
    take(*assignment, now);
  } else {
    fail(Status{ErrorCode::invalid_request,
                "group \"" + identity_.group_id +
                    "\": " + std::string{assignment.error().message()} +
                    ". The group is led by another version of the library: stop its instances "
                    "before this version starts",
                Status::Kind{.fatal = true}},
         true);
  }
  return Advice::go_on;
}

Advice ClassicProtocol::answered(const Heartbeat::Response& answer, Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  if (answer.error_code != kafka::wire::error_code::none) {
    return refused(kind, judge_classic(answer.error_code, identity_.group_id), now);
  }
  times_.heard = times_.sent;
  if (expects(kind)) times_.next = now + identity_.heartbeat_interval;
  return Advice::go_on;
}

// Whatever the answer: who has left is not known any more.
Advice ClassicProtocol::answered(const Leave::Response& /*answer*/, Clock::Steady /*now*/) {
  sending_.in_flight.reset();
  if (state_ == State::leaving) ended();
  return Advice::go_on;
}

void ClassicProtocol::unanswered(Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  if (!expects(kind)) return;
  // Not repeated: if it was not heard, the session ends by itself.
  if (kind == Kind::leave) return state_ == State::leaving ? ended() : void();
  times_.next = now;
}

Advice ClassicProtocol::refused(Kind kind, const Refused& refusal, Clock::Steady now) {
  const bool expected = expects(kind);
  switch (refusal.reaction) {
    case Reaction::repeat:
      if (expected) times_.next = now;
      return Advice::back_off;
    case Reaction::find_coordinator:
      if (expected) times_.next = now;
      return Advice::find_coordinator;
    case Reaction::take_member_id:
      if (expected) times_.next = now;
      return Advice::go_on;
    case Reaction::rejoin:
      if (!expected) return Advice::go_on;
      times_.heard = times_.sent;
      times_.next = now;
      state_ = State::joining;
      return kind == Kind::join ? Advice::back_off : Advice::go_on;
    case Reaction::lost:
      if (expected) lose(std::string{refusal.status.message()}, now);
      return Advice::go_on;
    case Reaction::fatal:
      if (expected) fail(refusal.status, false);
      return Advice::go_on;
  }
  return Advice::go_on;
}

}  // namespace moldau::inline v0::membership::classic
