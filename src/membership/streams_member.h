#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/group_membership.h"

#include "membership/offset_commits.h"
#include "membership/shared_member.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::membership {

class MemberSession;

// A member of a group as its stream thread sees it, whatever the protocol: every call but commit()
// and leave() is a computation under a short lock. Dropping it without leave() is what a crash
// looks like to the group: the tasks wait for the session to end, or for the member id to come
// back.
template <class Protocol>
class MemberOf final : public kafka::GroupMembership {
 public:
  // `clock` must outlive it.
  MemberOf(std::shared_ptr<MemberSession> session, std::shared_ptr<Shared<Protocol>> member,
           std::unique_ptr<OffsetCommits> commits, const Clock& clock);
  ~MemberOf() override;
  MemberOf(const MemberOf&) = delete;
  MemberOf& operator=(const MemberOf&) = delete;

  Status join(const kafka::Subscription& subscription) override;
  std::vector<kafka::MembershipEvent> poll() override {
    return member_->with([&](Protocol& protocol) { return protocol.poll(clock_.steady()); });
  }
  void acknowledge(const kafka::OwnedTasks& owned) override;
  [[nodiscard]] kafka::MemberSnapshot snapshot() const override;
  Status commit(std::span<const kafka::CommittedOffset> offsets, const kafka::MemberSnapshot& as,
                std::chrono::milliseconds timeout) override;
  void ask_for_shutdown() override;
  Status leave(std::chrono::milliseconds timeout) override;

 private:
  const std::shared_ptr<MemberSession> session_;    // shared by the members of the group
  const std::shared_ptr<Shared<Protocol>> member_;  // shared with the worker
  const std::unique_ptr<OffsetCommits> commits_;
  const Clock& clock_;
  // A snapshot's epoch that the group refused as stale, and the one that holds instead.
  std::optional<MemberEpoch> refused_epoch_;
  MemberEpoch current_epoch_;
};

using StreamsMember = MemberOf<MemberProtocol>;

}  // namespace moldau::inline v0::membership
