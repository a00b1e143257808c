#include "runtime/group_news.h"

#include "moldau/base/error.h"

namespace moldau::inline v0::runtime {

void GroupNews::take(std::vector<kafka::MembershipEvent> events) {
  for (kafka::MembershipEvent& event : events) take(event);
}

void GroupNews::take(kafka::MembershipEvent& event) {
  using Kind = kafka::MembershipEvent::Kind;
  if (event.kind != Kind::missing_topics) missing_topics_since_.reset();
  switch (event.kind) {
    case Kind::assigned:
      target_ = std::move(event.target);
      break;
    case Kind::lost:
      logger_->warning(
          options_.thread +
          "the group gave this member's tasks away; what they have not committed is done again "
          "by their new owner" +
          (event.detail.empty() ? std::string{} : " (" + event.detail + ")"));
      lost_ = true;
      target_.reset();
      break;
    case Kind::missing_topics:
      missing_topics(std::move(event.detail));
      break;
    case Kind::waiting:
      break;
    case Kind::shutdown_requested:
      options_.shutdown_requested();
      break;
    case Kind::fatal:
      throw StreamsError(options_.thread + std::string{event.status.message()});
  }
}

void GroupNews::missing_topics(std::string topics) {
  const Clock::Steady now = clock_.steady();
  if (!missing_topics_since_) {
    missing_topics_since_ = now;
    logger_->warning(options_.thread + "waiting for missing source topics: " + topics);
  }
  if (now - *missing_topics_since_ < options_.missing_topics_timeout) return;
  while (topics.ends_with('.')) topics.pop_back();  // it is the broker's sentence
  throw TopologyError(options_.thread + "source topics are missing: " + topics +
                      ". Create them before the application starts: input topics are never "
                      "created by the library");
}

}  // namespace moldau::inline v0::runtime
