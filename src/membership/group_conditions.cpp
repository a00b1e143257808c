#include "membership/group_conditions.h"

#include "membership/event_outbox.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

using Event = kafka::MembershipEvent;

enum Code : int {
  stale_topology = 0,
  missing_source_topics = 1,
  incorrectly_partitioned_topics = 2,
  missing_internal_topics = 3,
  shutdown_application = 4,
  assignment_delayed_code = 5,
};

Status fatal(std::string message) {
  return {ErrorCode::invalid_request, std::move(message), Status::Kind{.fatal = true}};
}

}  // namespace

GroupConditions::Heard GroupConditions::hear(
    const std::optional<std::vector<kafka::wire::StreamsGroupHeartbeatResponse::Status>>&
        statuses) {
  Heard heard;
  if (!statuses) return heard;
  codes_.clear();
  std::string waiting_for;
  for (const auto& [code, detail] : *statuses) {
    codes_.push_back(code);
    switch (code) {
      case stale_topology:
        heard.fatal = fatal(
            "the group runs another version of the topology: stop every instance and reset the "
            "group's topology by Streams::reset_topology() before starting again (" +
            detail + ")");
        heard.leave_at_once = true;  // it may own tasks that it does not know
        break;
      case missing_source_topics:
        heard.events.push_back(news_event(Event::Kind::missing_topics, detail));
        break;
      case incorrectly_partitioned_topics:
        heard.fatal = fatal(
            "topics have partition counts that do not fit together, so the group gives out no "
            "tasks: topics that are joined need the same count, and an internal topic keeps the "
            "count it was made with (" +
            detail + ")");
        break;
      case shutdown_application:
        if (!std::exchange(shutdown_told_, true)) {
          heard.events.push_back(news_event(Event::Kind::shutdown_requested, detail));
        }
        break;
      case missing_internal_topics:
      case assignment_delayed_code:
      default:
        waiting_for += (waiting_for.empty() ? "" : "; ") + detail;
        break;
    }
  }
  if (!waiting_for.empty() && waiting_for != waiting_for_) {
    heard.events.push_back(news_event(Event::Kind::waiting, waiting_for));
  }
  waiting_for_ = std::move(waiting_for);
  return heard;
}

void GroupConditions::forget() { *this = {}; }

bool GroupConditions::assignment_pending() const {
  return has(missing_source_topics) || has(missing_internal_topics) || assignment_delayed();
}

bool GroupConditions::assignment_delayed() const { return has(assignment_delayed_code); }

bool GroupConditions::has(int code) const {
  return std::ranges::find(codes_, code) != codes_.end();
}

}  // namespace moldau::inline v0::membership
