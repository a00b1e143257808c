#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/group_membership.h"

#include "membership/offset_commits.h"
#include "membership/shared_member.h"

#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::membership {

class GroupSession;

// A member of a streams group as its stream thread sees it: every call but commit() and leave() is
// a computation under a short lock. Dropping it without leave() is what a crash looks like to the
// group: the tasks wait for the session to end, or for the member id to come back.
class StreamsMember final : public kafka::GroupMembership {
 public:
  // `clock` must outlive it.
  StreamsMember(std::shared_ptr<GroupSession> session, std::shared_ptr<SharedMember> member,
                std::unique_ptr<OffsetCommits> commits, const Clock& clock);
  ~StreamsMember() override;
  StreamsMember(const StreamsMember&) = delete;
  StreamsMember& operator=(const StreamsMember&) = delete;

  Status join(const kafka::Subscription& subscription) override;
  std::vector<kafka::MembershipEvent> poll() override;
  void acknowledge(const kafka::OwnedTasks& owned) override;
  [[nodiscard]] kafka::MemberSnapshot snapshot() const override;
  Status commit(std::span<const kafka::CommittedOffset> offsets, const kafka::MemberSnapshot& as,
                std::chrono::milliseconds timeout) override;
  void ask_for_shutdown() override;
  Status leave(std::chrono::milliseconds timeout) override;

 private:
  const std::shared_ptr<GroupSession> session_;  // shared by the members of the group
  const std::shared_ptr<SharedMember> member_;   // shared with the worker
  const std::unique_ptr<OffsetCommits> commits_;
  const Clock& clock_;
  // A snapshot's epoch that the group refused as stale, and the one that holds instead.
  std::optional<MemberEpoch> refused_epoch_;
  MemberEpoch current_epoch_;
};

}  // namespace moldau::inline v0::membership
