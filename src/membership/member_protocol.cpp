#include "membership/member_protocol.h"

#include "moldau/base/assert.h"

#include "kafka/wire/errors.h"
#include "membership/heartbeat_requests.h"
#include "membership/wire_tasks.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;
using Event = kafka::MembershipEvent;
using Tasks = std::vector<kafka::wire::TaskIds>;

constexpr MemberEpoch no_epoch{0};
// Between the answer to a question and the description that follows the group may change.
constexpr int most_fruitless_asks = 3;

Status unknown_tasks(const std::string& group) {
  return {ErrorCode::invalid_request,
          "group \"" + group +
              "\" gives out tasks of sub-topologies that are not named by numbers: it runs another "
              "application",
          Status::Kind{.fatal = true}};
}

}  // namespace

MemberProtocol::MemberProtocol(Identity identity, HeartbeatPace pace)
    : identity_(std::move(identity)), pace_(pace) {
  snapshot_.member_id = identity_.member_id;
}

// --- the stream thread's side -------------------------------------------------------------------

void MemberProtocol::join(kafka::wire::Topology topology, Clock::Steady now) {
  MOLDAU_ASSERT(state_ == State::unjoined);
  topology_ = std::move(topology);
  times_.seen = now;
  begin_joining(now);
}

std::vector<kafka::MembershipEvent> MemberProtocol::poll(Clock::Steady now) {
  times_.seen = now;
  return thread_.outbox.take();
}

void MemberProtocol::acknowledge(const kafka::OwnedTasks& owned, Clock::Steady now) {
  const std::optional<EventOutbox::Kind> answered = thread_.outbox.answer();
  if (!answered) return;
  if (*answered == Event::Kind::lost) {
    thread_.owned = {};
    publish(no_epoch);
    if (state_ == State::fenced) begin_joining(now);
    return;
  }
  if (!std::ranges::includes(owned.standby, std::exchange(thread_.owned, owned).standby)) {
    sending_.gives_up_standbys = true;
  }
  thread_.has_assignment = true;
  switch (state_) {
    case State::stable:
    case State::reconciling:
      publish(thread_.asked_epoch);
      sending_.acknowledgement_due = true;
      times_.next = now;
      return reconcile();
    case State::recovering:
      publish(thread_.asked_epoch);
      sending_.acknowledgement_due = true;
      if (sending_.recovery == Recovery::suspend) suspend(now);
      return;
    case State::unjoined:
    case State::joining:
    case State::fenced:
    case State::leaving:
    case State::fatal:
      return;
  }
}

void MemberProtocol::ask_for_shutdown(Clock::Steady now) {
  sending_.asks_for_shutdown = true;
  hurry(now);
}

void MemberProtocol::leave(Clock::Steady now) {
  thread_.outbox.clear();
  if (!group_.knows_us) return ended();
  state_ = State::leaving;
  times_.next = now;
}

void MemberProtocol::give_up_leaving() {
  if (state_ == State::leaving) ended();
}

bool MemberProtocol::owns(const kafka::MemberSnapshot& as) const {
  return is_member() && std::ranges::includes(thread_.owned.active, as.owned.active);
}

StaleCommit MemberProtocol::commit_was_stale(const kafka::MemberSnapshot& as, MemberEpoch tried,
                                             Clock::Steady now) {
  using Verdict = StaleCommit::Verdict;
  if (!owns(as)) return {.verdict = Verdict::fenced, .epoch = {}};
  // What is owned has not been given up, and as long as no answer is missing the group cannot have
  // taken it: the newest epoch speaks for it. Otherwise the next answers tell.
  if (state_ != State::recovering && group_.epoch != tried) {
    return {.verdict = Verdict::repeat, .epoch = group_.epoch};
  }
  hurry(now);
  return {.verdict = Verdict::ask_later, .epoch = {}};
}

void MemberProtocol::hurry(Clock::Steady now) {
  if (is_member()) times_.next = std::min(times_.next, now);
}

// --- the worker's side --------------------------------------------------------------------------

bool MemberProtocol::is_member() const {
  return state_ == State::stable || state_ == State::reconciling || state_ == State::recovering;
}

void MemberProtocol::tick(Clock::Steady now) {
  if (!is_member()) return;
  if (now - times_.heard >= pace_.session) {
    return lose("no heartbeat has succeeded for " +
                std::to_string(
                    std::chrono::duration_cast<std::chrono::seconds>(now - times_.heard).count()) +
                " s, so the session is over");
  }
  if (now - times_.seen >= identity_.rebalance_timeout) {
    // The group would expel a member that does not answer; to leave is quicker for the others.
    sending_.leave_due = true;
    times_.next = now;
    lose("processing has stood still for " + std::to_string(identity_.rebalance_timeout.count()) +
         " ms (max.poll.interval.ms), so the member has left");
  }
}

std::optional<Clock::Steady> MemberProtocol::tick_due() const {
  if (!is_member()) return std::nullopt;
  return std::min(times_.heard + pace_.session, times_.seen + identity_.rebalance_timeout);
}

std::optional<MemberProtocol::Kind> MemberProtocol::next_kind() const {
  switch (state_) {
    case State::unjoined:
      return std::nullopt;
    case State::joining:
      return Kind::join;
    case State::stable:
    case State::reconciling:
      return sending_.acknowledgement_due ? Kind::acknowledgement : Kind::delta;
    case State::recovering:
      return sending_.recovery == Recovery::describe ? Kind::describe : Kind::question;
    case State::leaving:
      return Kind::leave;
    case State::fenced:
    case State::fatal:
      return sending_.leave_due ? std::optional{Kind::leave} : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Clock::Steady> MemberProtocol::request_due() const {
  if (sending_.in_flight || !next_kind()) return std::nullopt;
  return times_.next;
}

MemberProtocol::Request MemberProtocol::next_request(Clock::Steady now) {
  MOLDAU_ASSERT(request_due());
  const Kind kind = *next_kind();
  sending_.in_flight = kind;
  times_.sent = now;
  switch (kind) {
    case Kind::describe:
      return Describe{.group_ids = {identity_.group_id}};
    case Kind::join:
      group_.knows_us = true;
      return heartbeat(kind);
    case Kind::acknowledgement:
    case Kind::question:
      sending_.acknowledgement_due = false;
      return heartbeat(kind);
    case Kind::leave:
      sending_.leave_due = false;
      return heartbeat(kind);
    case Kind::delta:
      return heartbeat(kind);
  }
  return heartbeat(kind);
}

MemberProtocol::Heartbeat MemberProtocol::heartbeat(Kind kind) const {
  const HeartbeatSender sender{.group_id = identity_.group_id,
                               .member_id = identity_.member_id,
                               .endpoint_epoch = group_.endpoint_epoch,
                               .asks_for_shutdown = sending_.asks_for_shutdown};
  switch (kind) {
    case Kind::join:
      return join_heartbeat(sender, identity_.process_id, identity_.rebalance_timeout, topology_);
    case Kind::leave:
      return leave_heartbeat(sender);
    case Kind::acknowledgement:
    case Kind::question:
      return listing_heartbeat(sender, group_.epoch, thread_.owned);
    case Kind::delta:
    case Kind::describe:
      break;
  }
  return delta_heartbeat(sender, group_.epoch);
}

bool MemberProtocol::expects(Kind kind) const {
  switch (kind) {
    case Kind::join:
      return state_ == State::joining;
    case Kind::delta:
    case Kind::acknowledgement:
      return state_ == State::stable || state_ == State::reconciling;
    case Kind::question:
      return state_ == State::recovering;
    case Kind::describe:
      return state_ == State::recovering && sending_.recovery == Recovery::describe;
    case Kind::leave:
      return state_ == State::leaving;
  }
  return false;
}

Advice MemberProtocol::answered(const Heartbeat::Response& answer, Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  if (kind == Kind::leave) {
    // Whatever the answer: who has left is not known any more.
    if (expects(kind)) ended();
    return Advice::go_on;
  }
  if (answer.error_code != kafka::wire::error_code::none) {
    return refused(
        kind,
        judge(answer.error_code, answer.error_message, identity_.group_id, kind == Kind::join),
        now);
  }
  if (expects(kind)) accepted(kind, answer, now);
  return Advice::go_on;
}

Advice MemberProtocol::answered(const Describe::Response& answer, Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  const bool about_us =
      !answer.groups.empty() && answer.groups.front().group_id == identity_.group_id;
  const std::int16_t code = about_us ? answer.groups.front().error_code : std::int16_t{0};
  if (code != kafka::wire::error_code::none) {
    const Refusal refusal =
        judge(code, answer.groups.front().error_message, identity_.group_id, false);
    if (refusal.reaction == Reaction::repeat || refusal.reaction == Reaction::find_coordinator ||
        refusal.reaction == Reaction::recover) {
      return refused(kind, refusal, now);
    }
  }
  if (!expects(kind)) return Advice::go_on;
  if (!about_us || code != kafka::wire::error_code::none) {
    suspend(now);
  } else {
    described(answer, now);
  }
  return Advice::go_on;
}

void MemberProtocol::unanswered(Clock::Steady now) {
  const Kind kind = *std::exchange(sending_.in_flight, std::nullopt);
  if (!expects(kind)) return;
  switch (kind) {
    case Kind::leave:
      return ended();  // not repeated: if it was not heard, the session ends by itself
    case Kind::join:
      // Its answer holds the whole assignment, however often it is asked for.
      times_.next = now;
      return;
    case Kind::delta:
    case Kind::acknowledgement:
      return begin_recovery(now);
    case Kind::question:
    case Kind::describe:
      if (sending_.recovery != Recovery::suspend) sending_.recovery = Recovery::ask;
      times_.next = now;
      return;
  }
}

Advice MemberProtocol::refused(Kind kind, const Refusal& refusal, Clock::Steady now) {
  const bool expected = expects(kind);
  switch (refusal.reaction) {
    case Reaction::repeat:
      if (expected) repeat(kind, now);
      return Advice::back_off;
    case Reaction::find_coordinator:
      if (expected) repeat(kind, now);
      return Advice::find_coordinator;
    case Reaction::recover:
      if (expected) {
        if (kind == Kind::delta || kind == Kind::acknowledgement) begin_recovery(now);
        times_.next = now;
      }
      return Advice::find_coordinator;
    case Reaction::wait_and_report:
      if (expected) {
        repeat(kind, now + pace_.unsettled);
        group_.waiting_for = refusal.status.message();
        tell_waiting(group_.waiting_for);
      }
      return Advice::go_on;
    case Reaction::fenced:
      if (expected) lose(std::string{refusal.status.message()});
      return Advice::go_on;
    case Reaction::fatal:
      if (expected) fail(refusal.status);
      return Advice::go_on;
  }
  return Advice::go_on;
}

// A request that was refused without effect.
void MemberProtocol::repeat(Kind kind, Clock::Steady at) {
  if (kind == Kind::acknowledgement) sending_.acknowledgement_due = true;
  times_.next = at;
}

void MemberProtocol::accepted(Kind kind, const Heartbeat::Response& answer, Clock::Steady now) {
  times_.heard = times_.sent;
  group_.interval = milliseconds{answer.heartbeat_interval_ms};
  group_.endpoint_epoch = answer.endpoint_information_epoch;
  const MemberEpoch before = std::exchange(group_.epoch, MemberEpoch{answer.member_epoch});
  if (before != group_.epoch) times_.settled_from = now + pace_.unsettled_time;

  GroupConditions::Heard heard = group_.conditions.hear(answer.status);
  for (Event& event : heard.events) thread_.outbox.tell(std::move(event));
  group_.waiting_for = group_.conditions.waiting_for();
  if (heard.fatal) return fail(*heard.fatal, heard.leave_at_once);

  const bool complete = answer.active_tasks && answer.standby_tasks;
  if (complete && !take_target(*answer.active_tasks, *answer.standby_tasks)) {
    return fail(unknown_tasks(identity_.group_id));
  }
  switch (kind) {
    case Kind::join:
      state_ = State::stable;
      if (!group_.target) group_.target.emplace();
      break;
    case Kind::question:
      if (sending_.recovery == Recovery::suspend) break;
      if (!complete) {
        sending_.recovery = Recovery::describe;
        times_.next = now;
        return;
      }
      state_ = State::stable;
      break;
    default:
      break;
  }
  if (state_ != State::recovering) {
    // A task list that leaves everything as it is still wants to be confirmed once.
    if (complete && kind == Kind::delta && *group_.target == thread_.owned) {
      sending_.acknowledgement_due = true;
    }
    reconcile();
  }
  const bool gave_up =
      kind == Kind::acknowledgement && std::exchange(sending_.gives_up_standbys, false);
  times_.next = sending_.acknowledgement_due ? now : now + pause(now, gave_up);
}

bool MemberProtocol::take_target(const Tasks& active, const Tasks& standby) {
  std::optional<kafka::OwnedTasks> target = from_wire(active, standby);
  if (!target) return false;
  group_.target = *std::move(target);
  return true;
}

void MemberProtocol::described(const Describe::Response& answer, Clock::Steady now) {
  const auto& members = answer.groups.front().members;
  const auto self =
      std::ranges::find(members, identity_.member_id, &Describe::Response::Member::member_id);
  if (self == members.end()) return suspend(now);
  if (self->member_epoch != group_.epoch.value()) {
    if (++sending_.fruitless_asks >= most_fruitless_asks) return suspend(now);
    sending_.recovery = Recovery::ask;
    times_.next = now;
    return;
  }
  if (!take_target(self->current.active, self->current.standby)) {
    return fail(unknown_tasks(identity_.group_id));
  }
  state_ = State::stable;
  reconcile();
  times_.next = sending_.acknowledgement_due ? now : now + pause(now);
}

// Brings what the group wants and what the stream thread runs together. REQUIRES: group_.target.
void MemberProtocol::reconcile() {
  if (thread_.outbox.awaits_answer()) {
    state_ = State::reconciling;
    return;
  }
  const bool nothing_new = *group_.target == thread_.owned;
  if (nothing_new && (thread_.has_assignment || group_.conditions.assignment_pending())) {
    thread_.outbox.retract();
    state_ = State::stable;
    return publish(group_.epoch);
  }
  state_ = State::reconciling;
  ask_thread(*group_.target);
}

void MemberProtocol::publish(MemberEpoch epoch) {
  snapshot_.epoch = epoch;
  snapshot_.owned = thread_.owned;
}

void MemberProtocol::ask_thread(kafka::OwnedTasks target) {
  thread_.asked_epoch = group_.epoch;
  thread_.outbox.ask(assigned_event(std::move(target)));
}

void MemberProtocol::begin_joining(Clock::Steady now) {
  state_ = State::joining;
  group_.epoch = no_epoch;
  thread_.owned = {};
  group_.target.reset();
  group_.conditions.forget();
  thread_.has_assignment = false;
  sending_.acknowledgement_due = false;
  sending_.gives_up_standbys = false;
  sending_.leave_due = false;
  times_.next = now;
}

void MemberProtocol::begin_recovery(Clock::Steady now) {
  state_ = State::recovering;
  sending_.recovery = Recovery::ask;
  sending_.fruitless_asks = 0;
  times_.next = now;
}

// Joining again brings the whole assignment, but its empty lists give away whatever the group wants
// back: so the stream thread has to commit and close everything first. Until it has, heartbeats
// that say what is owned keep the session.
void MemberProtocol::suspend(Clock::Steady now) {
  sending_.recovery = Recovery::suspend;
  times_.next = now + pace_.unsettled;
  if (thread_.outbox.awaits_answer()) return;
  thread_.outbox.retract();
  if (thread_.owned == kafka::OwnedTasks{}) return begin_joining(now);
  ask_thread({});
}

void MemberProtocol::lose(std::string detail) {
  state_ = State::fenced;
  group_.target.reset();
  sending_.acknowledgement_due = false;
  // Also of a thread that is at work on its assignment: that may wait for what others have and will
  // not give up before this member has.
  thread_.outbox.ask_instead(news_event(Event::Kind::lost, std::move(detail)));
}

void MemberProtocol::fail(Status status, bool leave_at_once) {
  state_ = State::fatal;
  sending_.leave_due = leave_at_once;
  thread_.outbox.retract();
  thread_.outbox.tell(fatal_event(std::move(status)));
}

void MemberProtocol::ended() {
  state_ = State::unjoined;
  group_.knows_us = false;
  sending_.leave_due = false;
  sending_.asks_for_shutdown = false;
  thread_.owned = {};
  group_.target.reset();
  publish(no_epoch);
}

void MemberProtocol::unreachable_for_good(const Status& why) {
  if (state_ == State::joining && !group_.knows_us) fail(why);
}

void MemberProtocol::tell_waiting(std::string detail) {
  if (state_ == State::joining || is_member()) {
    thread_.outbox.tell(news_event(Event::Kind::waiting, std::move(detail)));
  }
}

milliseconds MemberProtocol::pause(Clock::Steady now, bool gave_up_standbys) const {
  const bool behind = group_.target && *group_.target != thread_.owned;
  return pace_.pause({.interval = group_.interval,
                      .delayed = group_.conditions.assignment_delayed(),
                      .unsettled = group_.conditions.any() || behind || state_ != State::stable ||
                                   now < times_.settled_from,
                      .standing_by = !thread_.owned.standby.empty(),
                      .promoting = gave_up_standbys});
}

}  // namespace moldau::inline v0::membership
