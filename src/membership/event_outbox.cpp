#include "membership/event_outbox.h"

#include "moldau/base/assert.h"

#include <utility>

namespace moldau::inline v0::membership {

kafka::MembershipEvent assigned_event(kafka::OwnedTasks target) {
  kafka::MembershipEvent event;
  event.kind = kafka::MembershipEvent::Kind::assigned;
  event.target = std::move(target);
  return event;
}

kafka::MembershipEvent news_event(kafka::MembershipEvent::Kind kind, std::string detail) {
  kafka::MembershipEvent event;
  event.kind = kind;
  event.detail = std::move(detail);
  return event;
}

kafka::MembershipEvent fatal_event(Status status) {
  kafka::MembershipEvent event;
  event.kind = kafka::MembershipEvent::Kind::fatal;
  event.status = std::move(status);
  return event;
}

void EventOutbox::ask(kafka::MembershipEvent question) {
  MOLDAU_ASSERT(!awaits_answer());
  ask_instead(std::move(question));
}

void EventOutbox::ask_instead(kafka::MembershipEvent question) {
  retract();
  asked_ = question.kind;
  seen_ = false;
  replace(std::move(question));
}

void EventOutbox::retract() {
  if (!asked_ || seen_) return;
  std::erase_if(events_, [&](const auto& event) { return event.kind == *asked_; });
  asked_.reset();
}

void EventOutbox::tell(kafka::MembershipEvent news) { replace(std::move(news)); }

void EventOutbox::clear() {
  events_.clear();
  asked_.reset();
  seen_ = false;
  unannounced_ = false;
}

std::optional<EventOutbox::Kind> EventOutbox::answer() {
  if (!awaits_answer()) return std::nullopt;
  seen_ = false;
  return std::exchange(asked_, std::nullopt);
}

std::vector<kafka::MembershipEvent> EventOutbox::take() {
  seen_ = asked_.has_value();
  unannounced_ = false;
  return std::exchange(events_, {});
}

bool EventOutbox::take_announcement() { return std::exchange(unannounced_, false); }

void EventOutbox::replace(kafka::MembershipEvent event) {
  std::erase_if(events_, [&](const auto& other) { return other.kind == event.kind; });
  events_.push_back(std::move(event));
  unannounced_ = true;
}

}  // namespace moldau::inline v0::membership
