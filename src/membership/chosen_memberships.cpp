#include "membership/chosen_memberships.h"

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::membership {

namespace {

using Event = kafka::MembershipEvent;

// What the members of one process have found out about groups. Any thread.
class Choices {
 public:
  Choices(std::unique_ptr<kafka::Memberships> streams, std::unique_ptr<kafka::Memberships> classic,
          std::shared_ptr<Logger> logger)
      : streams_(std::move(streams)), classic_(std::move(classic)), logger_(std::move(logger)) {}

  [[nodiscard]] kafka::Memberships& streams() { return *streams_; }
  [[nodiscard]] kafka::Memberships& classic() { return *classic_; }

  [[nodiscard]] bool is_classic(const std::string& group) {
    const std::lock_guard lock{mutex_};
    return classic_groups_.contains(group);
  }
  void choose_classic(const std::string& group, std::string_view why) {
    {
      const std::lock_guard lock{mutex_};
      if (!classic_groups_.insert(group).second) return;
    }
    logger_->info(
        "group " + group +
        ": the classic group protocol is used (group.protocol=auto): " + std::string{why});
  }
  void choose_streams(const std::string& group) {
    {
      const std::lock_guard lock{mutex_};
      if (!streams_groups_.insert(group).second) return;
    }
    logger_->info(
        "group " + group +
        ": the streams group protocol is used (group.protocol=auto): the brokers have it");
  }

 private:
  const std::unique_ptr<kafka::Memberships> streams_;
  const std::unique_ptr<kafka::Memberships> classic_;
  const std::shared_ptr<Logger> logger_;
  std::mutex mutex_;  // guards what follows
  std::set<std::string> classic_groups_;
  std::set<std::string> streams_groups_;
};

// The brokers have no streams groups, or the group is another kind of group already.
bool calls_for_classic(const Event& event) {
  return event.kind == Event::Kind::fatal && (event.status.code() == ErrorCode::unsupported ||
                                              event.status.code() == ErrorCode::stale_member);
}

class ChosenMember final : public kafka::GroupMembership {
 public:
  ChosenMember(std::shared_ptr<Choices> choices, kafka::MembershipOptions options,
               std::unique_ptr<kafka::GroupMembership> member)
      : choices_(std::move(choices)), options_(std::move(options)), member_(std::move(member)) {
    settled_ = choices_->is_classic(options_.group_id);
  }

  Status join(const kafka::Subscription& subscription) override {
    subscription_ = subscription;
    return member_->join(subscription);
  }

  std::vector<Event> poll() override {
    std::vector<Event> events = member_->poll();
    for (Event& event : events) {
      if (settled_) break;
      if (calls_for_classic(event)) {
        Status status = join_as_classic(event.status.message());
        if (status.ok()) return {};
        event.status = std::move(status);
        break;
      }
      if (event.kind == Event::Kind::assigned || event.kind == Event::Kind::missing_topics) {
        settled_ = true;
        choices_->choose_streams(options_.group_id);
      }
    }
    return events;
  }

  void acknowledge(const kafka::OwnedTasks& owned) override { member_->acknowledge(owned); }
  [[nodiscard]] kafka::MemberSnapshot snapshot() const override { return member_->snapshot(); }
  Status commit(std::span<const kafka::CommittedOffset> offsets, const kafka::MemberSnapshot& as,
                std::chrono::milliseconds timeout) override {
    return member_->commit(offsets, as, timeout);
  }
  void ask_for_shutdown() override { member_->ask_for_shutdown(); }
  Status leave(std::chrono::milliseconds timeout) override { return member_->leave(timeout); }

 private:
  Status join_as_classic(std::string_view why) {
    settled_ = true;
    choices_->choose_classic(options_.group_id, why);
    Result<std::unique_ptr<kafka::GroupMembership>> made =
        choices_->classic().make_member(options_);
    if (!made) return made.error();
    member_ = *std::move(made);
    return member_->join(subscription_);
  }

  const std::shared_ptr<Choices> choices_;  // shared by the members of the process
  const kafka::MembershipOptions options_;
  std::unique_ptr<kafka::GroupMembership> member_;
  kafka::Subscription subscription_;
  bool settled_ = false;  // it stays what it is
};

class ChosenMemberships final : public kafka::Memberships {
 public:
  explicit ChosenMemberships(std::shared_ptr<Choices> choices) : choices_(std::move(choices)) {}

  Result<std::unique_ptr<kafka::GroupMembership>> make_member(
      const kafka::MembershipOptions& options) override {
    kafka::Memberships& kind =
        choices_->is_classic(options.group_id) ? choices_->classic() : choices_->streams();
    Result<std::unique_ptr<kafka::GroupMembership>> made = kind.make_member(options);
    if (!made) return made.error();
    return std::unique_ptr<kafka::GroupMembership>{
        std::make_unique<ChosenMember>(choices_, options, *std::move(made))};
  }

  Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                   std::chrono::milliseconds timeout) override {
    if (!choices_->is_classic(group_id)) {
      Status status = choices_->streams().leave_for(group_id, member_ids, timeout);
      if (status.code() != ErrorCode::unsupported) return status;
    }
    return choices_->classic().leave_for(group_id, member_ids, timeout);
  }

  void hold_places(const std::string& group_id) override {
    choices_->streams().hold_places(group_id);
    choices_->classic().hold_places(group_id);
  }

  Status forget_topology(const std::string& group_id, std::chrono::milliseconds timeout) override {
    Status status = choices_->streams().forget_topology(group_id, timeout);
    // Brokers without streams groups keep no topologies.
    return status.code() == ErrorCode::unsupported ? Status{} : status;
  }

 private:
  const std::shared_ptr<Choices> choices_;  // shared with the members
};

}  // namespace

std::unique_ptr<kafka::Memberships> make_chosen_memberships(
    std::unique_ptr<kafka::Memberships> streams, std::unique_ptr<kafka::Memberships> classic,
    std::shared_ptr<Logger> logger) {
  return std::make_unique<ChosenMemberships>(
      std::make_shared<Choices>(std::move(streams), std::move(classic), std::move(logger)));
}

}  // namespace moldau::inline v0::membership
