#include "membership/classic/classic_protocol.h"

#include "moldau/base/assert.h"

#include <algorithm>
#include <set>
#include <utility>

namespace moldau::inline v0::membership::classic {

namespace {

using std::chrono::milliseconds;
using Event = kafka::MembershipEvent;
using Verdict = AssignmentData::Verdict;

constexpr MemberEpoch no_generation{0};
// How soon what could not be assigned is tried again. The leader knows first.
constexpr milliseconds leaders_pause{1'000};
constexpr milliseconds others_pause{15'000};

bool includes(const kafka::OwnedTasks& all, const kafka::OwnedTasks& some) {
  return std::ranges::includes(all.active, some.active) &&
         std::ranges::includes(all.standby, some.standby);
}

// Everything a member with this topology reads.
std::vector<std::string> topics_of(const kafka::Subscription& subscription) {
  std::set<std::string> topics;
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    topics.insert(part.source_topics.begin(), part.source_topics.end());
    for (const auto& topic : part.repartition_source_topics) topics.insert(topic.name);
  }
  return {topics.begin(), topics.end()};
}

}  // namespace

ClassicProtocol::ClassicProtocol(Identity identity) : identity_(std::move(identity)) {
  data_.process_id = identity_.process_id;
  data_.nonce = identity_.first_nonce;
  data_.stored = identity_.stored;
  snapshot_.member_id = identity_.instance_id;
}

// --- the stream thread's side -------------------------------------------------------------------

void ClassicProtocol::join(const kafka::Subscription& subscription, Clock::Steady now) {
  MOLDAU_ASSERT(state_ == State::unjoined);
  subscription_ = subscription;
  data_.topics = topics_of(subscription);
  data_.topology = topology_digest(subscription);
  times_.seen = now;
  begin_joining(now);
}

std::vector<kafka::MembershipEvent> ClassicProtocol::poll(Clock::Steady now) {
  times_.seen = now;
  return thread_.outbox.take();
}

void ClassicProtocol::acknowledge(const kafka::OwnedTasks& owned, Clock::Steady now) {
  const std::optional<EventOutbox::Kind> answered = thread_.outbox.answer();
  if (!answered) return;
  thread_.asked = {};
  if (*answered == Event::Kind::lost) {
    set_owned({});
    publish();
    if (state_ == State::fenced) begin_joining(now);
    return;
  }
  set_owned(owned);
  thread_.has_assignment = true;
  if (!is_member()) return;
  publish();
  if (state_ != State::stable) return;  // the next assignment is under way
  reconcile();
  settle(now);
}

void ClassicProtocol::ask_for_shutdown(Clock::Steady now) {
  if (std::exchange(sending_.asks_for_shutdown, true)) return;
  sending_.shutdown_is_known = false;
  if (state_ == State::stable) join_again(now);
}

// A leave cannot carry the wish that everybody stops, so a join has to before it.
void ClassicProtocol::leave(Clock::Steady now) {
  thread_.outbox.clear();
  thread_.asked = {};
  set_owned({});
  if (!group_.knows_us) return ended();
  if (sending_.asks_for_shutdown && !sending_.shutdown_is_known && is_member()) {
    sending_.leaves_then = true;
    if (state_ == State::stable) join_again(now);
    return;
  }
  if (identity_.holds_place != nullptr && identity_.holds_place->load()) return ended();
  state_ = State::leaving;
  times_.next = now;
}

void ClassicProtocol::give_up_leaving() {
  if (state_ == State::leaving || sending_.leaves_then) ended();
}

kafka::MemberSnapshot ClassicProtocol::narrowed(
    const kafka::MemberSnapshot& as, std::span<const kafka::CommittedOffset> offsets) const {
  kafka::MemberSnapshot some{.member_id = as.member_id, .epoch = as.epoch, .owned = {}};
  for (const kafka::Subtopology& part : subscription_.subtopologies) {
    for (const kafka::CommittedOffset& offset : offsets) {
      const bool reads = std::ranges::count(part.source_topics, offset.partition.topic) != 0 ||
                         std::ranges::count(part.repartition_source_topics, offset.partition.topic,
                                            &kafka::InternalTopic::name) != 0;
      if (reads) some.owned.active.insert({part.id, offset.partition.partition});
    }
  }
  return some;
}

// A member that the group forgot has another id afterwards.
bool ClassicProtocol::owns(const kafka::MemberSnapshot& as) const {
  return is_member() && as.member_id == group_.member_id &&
         std::ranges::all_of(as.owned.active, [&](TaskId task) {
           const auto since = thread_.since.find(task);
           return since != thread_.since.end() && since->second <= as.epoch;
         });
}

// Nothing that is owned can have been given to others, because every join has claimed it.
StaleCommit ClassicProtocol::commit_was_stale(const kafka::MemberSnapshot& as, MemberEpoch tried,
                                              Clock::Steady now) {
  using Stale = StaleCommit::Verdict;
  if (!owns(as)) return {.verdict = Stale::fenced, .epoch = {}};
  if (group_.generation != tried && group_.generation != no_generation) {
    return {.verdict = Stale::repeat, .epoch = group_.generation};
  }
  hurry(now);
  return {.verdict = Stale::ask_later, .epoch = {}};
}

void ClassicProtocol::hurry(Clock::Steady now) {
  if (state_ == State::stable) times_.next = std::min(times_.next, now);
}

// --- the worker's side --------------------------------------------------------------------------

bool ClassicProtocol::is_member() const {
  switch (state_) {
    case State::joining:
      return !group_.member_id.empty();
    case State::leading:
    case State::syncing:
    case State::stable:
      return true;
    case State::unjoined:
    case State::fenced:
    case State::leaving:
    case State::fatal:
      return false;
  }
  return false;
}

void ClassicProtocol::tick(Clock::Steady now) {
  if (!is_member() || sending_.leaves_then) return;
  // While a join waits for the other members the coordinator keeps this one.
  if (now - times_.heard >= identity_.session_timeout && sending_.in_flight != Kind::join) {
    return lose(
        "the coordinator has not answered for " +
            std::to_string(
                std::chrono::duration_cast<std::chrono::seconds>(now - times_.heard).count()) +
            " s, so the session is over",
        now);
  }
  if (now - times_.seen >= identity_.rebalance_timeout) {
    sending_.leave_due = true;
    return lose("processing has stood still for " +
                    std::to_string(identity_.rebalance_timeout.count()) +
                    " ms (max.poll.interval.ms), so the member has left",
                now);
  }
  if (state_ == State::stable && times_.again && now >= *times_.again) join_again(now);
}

std::optional<Clock::Steady> ClassicProtocol::tick_due() const {
  if (!is_member()) return std::nullopt;
  Clock::Steady due = times_.seen + identity_.rebalance_timeout;
  if (sending_.in_flight != Kind::join) {
    due = std::min(due, times_.heard + identity_.session_timeout);
  }
  if (state_ == State::stable && times_.again) due = std::min(due, *times_.again);
  return due;
}

std::optional<ClassicProtocol::Kind> ClassicProtocol::next_kind() const {
  switch (state_) {
    case State::unjoined:
    case State::leading:
      return std::nullopt;
    case State::joining:
      return Kind::join;
    case State::syncing:
      return Kind::sync;
    case State::stable:
      return Kind::heartbeat;
    case State::leaving:
      return Kind::leave;
    case State::fenced:
    case State::fatal:
      return sending_.leave_due ? std::optional{Kind::leave} : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Clock::Steady> ClassicProtocol::request_due() const {
  if (sending_.in_flight || !next_kind()) return std::nullopt;
  return times_.next;
}

// --- what the group wants ------------------------------------------------------------------------

const std::vector<ClassicProtocol::Join::Response::Member>* ClassicProtocol::to_lead() const {
  return state_ == State::leading ? &group_.members : nullptr;
}

void ClassicProtocol::lead(std::vector<Sync::Assignment> assignments, Clock::Steady now) {
  if (state_ != State::leading) return;
  sending_.assignments = std::move(assignments);
  group_.members.clear();
  state_ = State::syncing;
  times_.next = now;
}

void ClassicProtocol::ask_again(Clock::Steady now) {
  if (state_ == State::stable) join_again(now);
}

void ClassicProtocol::take(const AssignmentData& assignment, Clock::Steady now) {
  const milliseconds pause = group_.leads ? leaders_pause : others_pause;
  // Otherwise it was made before this join: what a member that comes back is told.
  const bool up_to_date = assignment.nonce == data_.nonce;
  times_.again = up_to_date ? std::nullopt : std::optional{now};
  if (up_to_date && data_.asks_for_shutdown) sending_.shutdown_is_known = true;
  if (sending_.leaves_then) return settle(now);
  if (assignment.shutdown_requested) {
    if (!std::exchange(sending_.asks_for_shutdown, true)) {
      thread_.outbox.tell(news_event(Event::Kind::shutdown_requested, "a member asked for it"));
    }
    sending_.shutdown_is_known = true;
  }
  waiting_for_.clear();
  switch (assignment.verdict) {
    case Verdict::tasks:
      if (assignment.topology != data_.topology) {  // of this member's predecessor
        if (up_to_date) times_.again = now + pause;
        break;
      }
      group_.target = assignment.tasks;
      reconcile();
      break;
    case Verdict::missing_topics:
      thread_.outbox.tell(news_event(Event::Kind::missing_topics, assignment.detail));
      waiting_for_ = "source topics do not exist: " + assignment.detail;
      group_.target.emplace();
      reconcile();
      times_.again = now + pause;
      break;
    case Verdict::refused:
      if (!up_to_date) break;
      return fail(Status{ErrorCode::invalid_request,
                         "group \"" + identity_.group_id + "\": " + assignment.detail,
                         Status::Kind{.fatal = true}},
                  true);
    case Verdict::not_yet:
      tell_waiting(assignment.detail);
      waiting_for_ = assignment.detail;
      times_.again = now + pause;
      break;
  }
  settle(now);
}

// Joins again if the group does not know yet what it should.
void ClassicProtocol::settle(Clock::Steady now) {
  if (state_ != State::stable) return;
  if (sending_.leaves_then && sending_.shutdown_is_known) {
    sending_.leaves_then = false;
    state_ = State::leaving;
    times_.next = now;
    return;
  }
  const bool unsaid = sending_.asks_for_shutdown && !sending_.shutdown_is_known;
  if (unsaid || (!thread_.outbox.asked() && has_given_up())) join_again(now);
}

bool ClassicProtocol::has_given_up() const { return !includes(thread_.owned, sending_.claimed); }

// Brings what the group wants and what the stream thread runs together. REQUIRES: group_.target.
void ClassicProtocol::reconcile() {
  if (!group_.target || thread_.outbox.awaits_answer()) return;
  if (*group_.target == thread_.owned && (thread_.has_assignment || !waiting_for_.empty())) {
    thread_.outbox.retract();
    thread_.asked = {};
    return;
  }
  thread_.asked = *group_.target;
  thread_.outbox.ask(assigned_event(*group_.target));
}

void ClassicProtocol::begin_joining(Clock::Steady now) {
  state_ = State::joining;
  ++data_.nonce;
  group_.member_id.clear();
  group_.generation = no_generation;
  group_.leads = false;
  group_.target.reset();
  set_owned({});
  thread_.asked = {};
  thread_.has_assignment = false;
  sending_.leave_due = false;
  times_.again.reset();
  times_.heard = now;
  times_.next = now;
}

void ClassicProtocol::join_again(Clock::Steady now) {
  state_ = State::joining;
  ++data_.nonce;
  times_.again.reset();
  times_.next = now;
}

void ClassicProtocol::lose(std::string detail, Clock::Steady now) {
  state_ = State::fenced;
  group_.target.reset();
  times_.next = now;
  if (!thread_.outbox.awaits_answer()) {
    thread_.outbox.retract();
    if (thread_.owned == kafka::OwnedTasks{} && !sending_.leave_due) return begin_joining(now);
  }
  // Also of a thread that is at work on its assignment: that may wait for what others have and will
  // not give up before this member has.
  thread_.outbox.ask_instead(news_event(Event::Kind::lost, std::move(detail)));
}

void ClassicProtocol::fail(Status status, bool leave_at_once) {
  state_ = State::fatal;
  sending_.leave_due = leave_at_once;
  thread_.outbox.retract();
  thread_.outbox.tell(fatal_event(std::move(status)));
}

void ClassicProtocol::ended() {
  state_ = State::unjoined;
  group_ = {};
  set_owned({});
  thread_.asked = {};
  sending_.leave_due = false;
  sending_.asks_for_shutdown = false;
  sending_.leaves_then = false;
  publish();
}

void ClassicProtocol::set_owned(const kafka::OwnedTasks& owned) {
  thread_.owned = owned;
  std::erase_if(thread_.since,
                [&](const auto& entry) { return !owned.active.contains(entry.first); });
  for (const TaskId task : owned.active) thread_.since.try_emplace(task, group_.generation);
  // State stays on the disk when a task goes.
  data_.stored.insert(owned.active.begin(), owned.active.end());
  data_.stored.insert(owned.standby.begin(), owned.standby.end());
}

void ClassicProtocol::publish() {
  snapshot_.epoch = group_.generation;
  snapshot_.owned = thread_.owned;
  if (!group_.member_id.empty()) snapshot_.member_id = group_.member_id;
}

void ClassicProtocol::unreachable_for_good(const Status& why) {
  if (state_ == State::joining && !group_.knows_us) fail(why, false);
}

void ClassicProtocol::tell_waiting(std::string detail) {
  if (state_ == State::joining || is_member()) {
    thread_.outbox.tell(news_event(Event::Kind::waiting, std::move(detail)));
  }
}

}  // namespace moldau::inline v0::membership::classic
