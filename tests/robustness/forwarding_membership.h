#pragma once

#include "moldau/kafka/clients.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace robustness {

// A membership that passes every call on to another one. A test changes the calls it is about.
class ForwardingMembership : public moldau::kafka::GroupMembership {
 public:
  explicit ForwardingMembership(std::unique_ptr<GroupMembership> below)
      : below_(std::move(below)) {}

  moldau::Status join(const moldau::kafka::Subscription& subscription) override {
    return below_->join(subscription);
  }
  std::vector<moldau::kafka::MembershipEvent> poll() override { return below_->poll(); }
  void acknowledge(const moldau::kafka::OwnedTasks& owned) override { below_->acknowledge(owned); }
  [[nodiscard]] moldau::kafka::MemberSnapshot snapshot() const override {
    return below_->snapshot();
  }
  moldau::Status commit(std::span<const moldau::kafka::CommittedOffset> offsets,
                        const moldau::kafka::MemberSnapshot& as,
                        std::chrono::milliseconds timeout) override {
    return below_->commit(offsets, as, timeout);
  }
  void ask_for_shutdown() override { below_->ask_for_shutdown(); }
  moldau::Status leave(std::chrono::milliseconds timeout) override {
    return below_->leave(timeout);
  }

 private:
  std::unique_ptr<GroupMembership> below_;
};

// Memberships each of which has something around it. `below` must outlive them.
class ForwardingMemberships final : public moldau::kafka::Memberships {
 public:
  using Member = std::unique_ptr<moldau::kafka::GroupMembership>;
  using Wrap = std::function<Member(Member below, const moldau::kafka::MembershipOptions&)>;

  ForwardingMemberships(moldau::kafka::Memberships& below, Wrap wrap)
      : below_(below), wrap_(std::move(wrap)) {}

  moldau::Result<Member> make_member(const moldau::kafka::MembershipOptions& options) override {
    moldau::Result<Member> made = below_.make_member(options);
    if (!made) return made;
    return wrap_(*std::move(made), options);
  }
  moldau::Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                           std::chrono::milliseconds timeout) override {
    return below_.leave_for(group_id, member_ids, timeout);
  }
  moldau::Status forget_topology(const std::string& group_id,
                                 std::chrono::milliseconds timeout) override {
    return below_.forget_topology(group_id, timeout);
  }

 private:
  moldau::kafka::Memberships& below_;
  Wrap wrap_;
};

}  // namespace robustness
