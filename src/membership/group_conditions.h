#pragma once

#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"

#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::membership {

// What the coordinator says about the state of the group, in the status list of its answers.
class GroupConditions {
 public:
  struct Heard {
    std::vector<kafka::MembershipEvent> events;  // to be told
    std::optional<Status> fatal;
    bool leave_at_once = false;  // with `fatal`
  };

  // No list: unchanged.
  Heard hear(const std::optional<std::vector<kafka::wire::StreamsGroupHeartbeatResponse::Status>>&
                 statuses);
  void forget();

  // What the assignment waits for, in the broker's words; empty: for nothing.
  [[nodiscard]] const std::string& waiting_for() const noexcept { return waiting_for_; }
  [[nodiscard]] bool any() const noexcept { return !codes_.empty(); }
  // An assignment is still to come, so that an empty one means nothing yet.
  [[nodiscard]] bool assignment_pending() const;
  [[nodiscard]] bool assignment_delayed() const;

 private:
  [[nodiscard]] bool has(int code) const;

  std::vector<int> codes_;
  std::string waiting_for_;  // as told last
  bool shutdown_told_ = false;
};

}  // namespace moldau::inline v0::membership
