#pragma once

#include "moldau/kafka/clients.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau {

// A member of a group as a stream thread would run it, one look at a time.
class Member {
 public:
  explicit Member(std::unique_ptr<kafka::GroupMembership> membership)
      : membership_(std::move(membership)) {}

  // Looks for events; keeps them all. An assignment is acknowledged at once, unless the member
  // holds back: then it only is pending().
  void look() {
    for (kafka::MembershipEvent& event : membership_->poll()) {
      using Kind = kafka::MembershipEvent::Kind;
      if (event.kind == Kind::assigned) pending_ = event.target;
      if (event.kind == Kind::lost) pending_ = kafka::OwnedTasks{};
      events_.push_back(std::move(event));
    }
    if (!holds_back_) acknowledge();
  }
  void hold_back(bool hold) { holds_back_ = hold; }
  // Does what is pending, if anything is.
  void acknowledge() {
    if (!pending_) return;
    owned_ = *std::exchange(pending_, std::nullopt);
    membership_->acknowledge(owned_);
  }

  [[nodiscard]] const kafka::TaskSet& active() const noexcept { return owned_.active; }
  [[nodiscard]] const std::optional<kafka::OwnedTasks>& pending() const noexcept {
    return pending_;
  }
  [[nodiscard]] const kafka::MembershipEvent* event(
      kafka::MembershipEvent::Kind kind) const noexcept {
    const auto found = std::ranges::find(events_, kind, &kafka::MembershipEvent::kind);
    return found == events_.end() ? nullptr : &*found;
  }
  [[nodiscard]] kafka::GroupMembership& membership() noexcept { return *membership_; }

 private:
  std::unique_ptr<kafka::GroupMembership> membership_;
  std::vector<kafka::MembershipEvent> events_;
  std::optional<kafka::OwnedTasks> pending_;
  kafka::OwnedTasks owned_;
  bool holds_back_ = false;
};

}  // namespace moldau
