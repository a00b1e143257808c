#include "membership/streams_member.h"

#include "moldau/base/latch.h"

#include "membership/group_session.h"
#include "membership/wire_topology.h"

#include <utility>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;

// Before a commit that the group finds stale is tried again: the next heartbeat tells more.
constexpr milliseconds stale_pause{20};

}  // namespace

StreamsMember::StreamsMember(std::shared_ptr<GroupSession> session,
                             std::shared_ptr<SharedMember> member,
                             std::unique_ptr<OffsetCommits> commits, const Clock& clock)
    : session_(std::move(session)),
      member_(std::move(member)),
      commits_(std::move(commits)),
      clock_(clock) {}

StreamsMember::~StreamsMember() { member_->drop(); }

Status StreamsMember::join(const kafka::Subscription& subscription) {
  const bool joined = member_->with([&](MemberProtocol& protocol) {
    if (protocol.state() != MemberProtocol::State::unjoined) return false;
    protocol.join(to_wire(subscription), clock_.steady());
    return true;
  });
  if (!joined) {
    return Status::permanent(ErrorCode::invalid_state, "this member has already joined its group");
  }
  session_->wake();
  return {};
}

std::vector<kafka::MembershipEvent> StreamsMember::poll() {
  return member_->with([&](MemberProtocol& protocol) { return protocol.poll(clock_.steady()); });
}

void StreamsMember::acknowledge(const kafka::OwnedTasks& owned) {
  member_->with([&](MemberProtocol& protocol) { protocol.acknowledge(owned, clock_.steady()); });
  session_->wake();
}

kafka::MemberSnapshot StreamsMember::snapshot() const {
  return member_->with([](MemberProtocol& protocol) { return protocol.snapshot(); });
}

Status StreamsMember::commit(std::span<const kafka::CommittedOffset> offsets,
                             const kafka::MemberSnapshot& as, milliseconds timeout) {
  using Outcome = OffsetCommits::Outcome;
  using Verdict = MemberProtocol::StaleCommit::Verdict;
  if (offsets.empty()) return {};
  const Clock::Steady deadline = clock_.steady() + timeout;
  // A repeated call goes on where the last one stopped: at the epoch that was found to hold. What
  // is not owned any more must never be committed in a later epoch: the group would take it.
  MemberEpoch epoch = as.epoch;
  if (refused_epoch_ == as.epoch &&
      member_->with([&](MemberProtocol& protocol) { return protocol.owns(as); })) {
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
        member_->with([&](MemberProtocol& protocol) { protocol.hurry(clock_.steady()); });
        session_->wake();
        return attempt.status;
      case Outcome::stale:
        break;
    }
    const auto stale = member_->with([&](MemberProtocol& protocol) {
      return protocol.commit_was_stale(as, epoch, clock_.steady());
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

void StreamsMember::ask_for_shutdown() {
  member_->with([&](MemberProtocol& protocol) { protocol.ask_for_shutdown(clock_.steady()); });
  session_->wake();
}

Status StreamsMember::leave(milliseconds timeout) {
  member_->with([&](MemberProtocol& protocol) { protocol.leave(clock_.steady()); });
  session_->wake();
  if (member_->wait_until_left(timeout)) return {};
  member_->with([](MemberProtocol& protocol) { protocol.give_up_leaving(); });
  return Status::retriable(ErrorCode::timed_out, "the coordinator has not answered within " +
                                                     std::to_string(timeout.count()) + " ms");
}

}  // namespace moldau::inline v0::membership
