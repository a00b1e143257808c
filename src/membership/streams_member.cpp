#include "membership/streams_member.h"

#include "moldau/base/latch.h"

#include "membership/classic/classic_protocol.h"
#include "membership/group_session.h"
#include "membership/wire_topology.h"

#include <utility>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;

// Before a commit that the group finds stale is tried again: the next heartbeat tells more.
constexpr milliseconds stale_pause{20};

void join_with(MemberProtocol& protocol, const kafka::Subscription& subscription,
               Clock::Steady now) {
  protocol.join(to_wire(subscription), now);
}

// The coordinator of a streams group knows since when a member has which task; that of a classic
// group knows no tasks, so the member itself has to.
const kafka::MemberSnapshot& concerned(MemberProtocol& /*protocol*/,
                                       const kafka::MemberSnapshot& as,
                                       std::span<const kafka::CommittedOffset> /*offsets*/) {
  return as;
}

kafka::MemberSnapshot concerned(classic::ClassicProtocol& protocol, const kafka::MemberSnapshot& as,
                                std::span<const kafka::CommittedOffset> offsets) {
  return protocol.narrowed(as, offsets);
}

void join_with(classic::ClassicProtocol& protocol, const kafka::Subscription& subscription,
               Clock::Steady now) {
  protocol.join(subscription, now);
}

}  // namespace

template <class Protocol>
MemberOf<Protocol>::MemberOf(std::shared_ptr<MemberSession> session,
                             std::shared_ptr<Shared<Protocol>> member,
                             std::unique_ptr<OffsetCommits> commits, const Clock& clock)
    : session_(std::move(session)),
      member_(std::move(member)),
      commits_(std::move(commits)),
      clock_(clock) {}

template <class Protocol>
MemberOf<Protocol>::~MemberOf() {
  member_->drop();
}

template <class Protocol>
Status MemberOf<Protocol>::join(const kafka::Subscription& subscription) {
  const bool joined = member_->with([&](Protocol& protocol) {
    if (protocol.state() != Protocol::State::unjoined) return false;
    join_with(protocol, subscription, clock_.steady());
    return true;
  });
  if (!joined) {
    return Status::permanent(ErrorCode::invalid_state, "this member has already joined its group");
  }
  session_->wake();
  return {};
}

template <class Protocol>
void MemberOf<Protocol>::acknowledge(const kafka::OwnedTasks& owned) {
  member_->with([&](Protocol& protocol) { protocol.acknowledge(owned, clock_.steady()); });
  session_->wake();
}

template <class Protocol>
kafka::MemberSnapshot MemberOf<Protocol>::snapshot() const {
  return member_->with([](Protocol& protocol) { return protocol.snapshot(); });
}

template <class Protocol>
Status MemberOf<Protocol>::commit(std::span<const kafka::CommittedOffset> offsets,
                                  const kafka::MemberSnapshot& as, milliseconds timeout) {
  using Outcome = OffsetCommits::Outcome;
  using Verdict = StaleCommit::Verdict;
  if (offsets.empty()) return {};
  const Clock::Steady deadline = clock_.steady() + timeout;
  // A repeated call goes on where the last one stopped: at the epoch that was found to hold. What
  // is not owned any more must never be committed in a later epoch: the group would take it.
  MemberEpoch epoch = as.epoch;
  if (refused_epoch_ == as.epoch && member_->with([&](Protocol& protocol) {
        return protocol.owns(concerned(protocol, as, offsets));
      })) {
    epoch = current_epoch_;
  }
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
    OffsetCommits::Attempt attempt =
        commits_->attempt(offsets, as.member_id, epoch, std::max(left, milliseconds::zero()));
    switch (attempt.outcome) {
      case Outcome::committed:
      case Outcome::refused:
        return attempt.status;
      case Outcome::repeat:
        return Status::retriable(attempt.status.code(), std::string{attempt.status.message()});
      case Outcome::unknown_member:
        member_->with([&](Protocol& protocol) { protocol.hurry(clock_.steady()); });
        session_->wake();
        return attempt.status;
      case Outcome::stale:
        break;
    }
    const auto stale = member_->with([&](Protocol& protocol) {
      return protocol.commit_was_stale(concerned(protocol, as, offsets), epoch, clock_.steady());
    });
    session_->wake();
    if (stale.verdict == Verdict::fenced) return attempt.status;
    if (stale.verdict == Verdict::ask_later) {
      Latch{}.wait(std::min(timeout, stale_pause));
      return Status::retriable(ErrorCode::not_ready, std::string{attempt.status.message()});
    }
    refused_epoch_ = as.epoch;
    current_epoch_ = epoch = stale.epoch;
  }
}

template <class Protocol>
void MemberOf<Protocol>::ask_for_shutdown() {
  member_->with([&](Protocol& protocol) { protocol.ask_for_shutdown(clock_.steady()); });
  session_->wake();
}

template <class Protocol>
Status MemberOf<Protocol>::leave(milliseconds timeout) {
  member_->with([&](Protocol& protocol) { protocol.leave(clock_.steady()); });
  session_->wake();
  if (member_->wait_until_left(timeout)) return {};
  member_->with([](Protocol& protocol) { protocol.give_up_leaving(); });
  return Status::retriable(ErrorCode::timed_out, "the coordinator has not answered within " +
                                                     std::to_string(timeout.count()) + " ms");
}

template class MemberOf<MemberProtocol>;
template class MemberOf<classic::ClassicProtocol>;

}  // namespace moldau::inline v0::membership
