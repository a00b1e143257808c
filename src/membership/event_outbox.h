#pragma once

#include "moldau/kafka/values.h"

#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::membership {

[[nodiscard]] kafka::MembershipEvent assigned_event(kafka::OwnedTasks target);
[[nodiscard]] kafka::MembershipEvent news_event(kafka::MembershipEvent::Kind kind,
                                                std::string detail);
[[nodiscard]] kafka::MembershipEvent fatal_event(Status status);

// What a stream thread is still to hear from its group. `assigned` and `lost` are questions: one at
// a time, taken back as long as nobody has seen it, and answered before the next one, unless that
// makes the answer worthless. The other events are told; a newer one replaces one of its kind that
// nobody has seen.
//
// Not locked: its owner is.
class EventOutbox {
 public:
  using Kind = kafka::MembershipEvent::Kind;

  // Replaces a question that nobody has seen. REQUIRES: !awaits_answer().
  void ask(kafka::MembershipEvent question);
  // The same instead of a question that has been seen: an answer to that is none any more.
  void ask_instead(kafka::MembershipEvent question);
  // Takes back a question that nobody has seen.
  void retract();
  void tell(kafka::MembershipEvent news);
  void clear();

  // The question that stands, seen or not.
  [[nodiscard]] std::optional<Kind> asked() const noexcept { return asked_; }
  // A question has been seen and not been answered.
  [[nodiscard]] bool awaits_answer() const noexcept { return asked_ && seen_; }
  // The question that is answered now; nullopt if there is none, or nobody has seen it.
  std::optional<Kind> answer();

  [[nodiscard]] std::vector<kafka::MembershipEvent> take();
  // True once after something has come in.
  [[nodiscard]] bool take_announcement();

 private:
  void replace(kafka::MembershipEvent event);

  std::vector<kafka::MembershipEvent> events_;
  std::optional<Kind> asked_;
  bool seen_ = false;
  bool unannounced_ = false;
};

}  // namespace moldau::inline v0::membership
