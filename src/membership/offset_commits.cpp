#include "membership/offset_commits.h"

#include "kafka/wire/errors.h"

#include <algorithm>
#include <map>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

namespace error_code = kafka::wire::error_code;
using std::chrono::milliseconds;
using Request = kafka::wire::OffsetCommitRequest;

Request make_request(std::span<const kafka::CommittedOffset> offsets, const std::string& group_id,
                     const std::string& member_id, MemberEpoch epoch) {
  std::map<std::string, Request::Topic> topics;
  for (const kafka::CommittedOffset& offset : offsets) {
    Request::Topic& topic = topics[offset.partition.topic];
    topic.topic = offset.partition.topic;
    Request::Partition& partition = topic.partitions.emplace_back();
    partition.partition = offset.partition.partition.value();
    partition.offset = offset.next.value();
    partition.metadata = offset.metadata;
  }
  Request request;
  request.group_id = group_id;
  request.member_epoch = epoch.value();
  request.member_id = member_id;
  for (auto& [name, topic] : topics) request.topics.push_back(std::move(topic));
  return request;
}

// An error of the group stands at every partition, and says more than one of a single partition.
bool concerns_the_member(std::int16_t code) {
  return code == error_code::stale_member_epoch || code == error_code::unknown_member_id ||
         code == error_code::illegal_generation || code == error_code::fenced_member_epoch ||
         code == error_code::group_id_not_found;
}

std::int16_t worst_error(const kafka::wire::OffsetCommitResponse& answer) {
  std::int16_t worst = error_code::none;
  for (const auto& topic : answer.topics) {
    for (const auto& partition : topic.partitions) {
      if (concerns_the_member(partition.error_code)) return partition.error_code;
      if (partition.error_code != error_code::none) worst = partition.error_code;
    }
  }
  return worst;
}

}  // namespace

OffsetCommits::OffsetCommits(std::unique_ptr<kafka::wire::CoordinatorLink> link,
                             std::string group_id, const Clock& clock, Version version)
    : link_(std::move(link)), group_id_(std::move(group_id)), clock_(clock), version_(version) {}

OffsetCommits::Attempt OffsetCommits::attempt(std::span<const kafka::CommittedOffset> offsets,
                                              const std::string& member_id, MemberEpoch epoch,
                                              milliseconds timeout) {
  const Clock::Steady deadline = clock_.steady() + timeout;
  Request request = make_request(offsets, group_id_, member_id, epoch);
  if (under_way_ && under_way_->request != request) {
    // Something else is wanted now: the answer to the other one is taken, and means nothing.
    if (const std::optional<Attempt> before = finish(deadline); !before) return not_yet();
  }
  if (!under_way_) {
    if (Status status = link_->reach(deadline); !status) return not_sent(std::move(status));
    if (Status status = link_->channel().start_as(static_cast<std::int16_t>(version_), request);
        !status) {
      link_->broken();
      return not_sent(std::move(status));
    }
    under_way_ = UnderWay{.request = std::move(request), .started = clock_.steady()};
  }
  std::optional<Attempt> done = finish(deadline);
  return done ? *std::move(done) : not_yet();
}

// nullopt while there is no answer.
std::optional<OffsetCommits::Attempt> OffsetCommits::finish(Clock::Steady deadline) {
  const auto answer = link_->answer<Request>(under_way_->started, deadline);
  if (answer && !*answer) return std::nullopt;
  under_way_.reset();
  if (!answer) return Attempt{.outcome = Outcome::repeat, .status = answer.error()};
  return judge(**answer);
}

OffsetCommits::Attempt OffsetCommits::not_sent(Status status) {
  return {.outcome = status.retriable() ? Outcome::repeat : Outcome::refused,
          .status = std::move(status)};
}

OffsetCommits::Attempt OffsetCommits::not_yet() const {
  return {.outcome = Outcome::repeat,
          .status = Status::retriable(
              ErrorCode::timed_out,
              "group \"" + group_id_ + "\": the coordinator has not answered a commit yet")};
}

OffsetCommits::Attempt OffsetCommits::judge(const kafka::wire::OffsetCommitResponse& answer) {
  const std::int16_t code = worst_error(answer);
  Status status = kafka::wire::status_of(code, "committing offsets to group \"" + group_id_ + "\"");
  switch (code) {
    case error_code::none:
      link_->well();
      return {};
    case error_code::coordinator_load_in_progress:
    case error_code::rebalance_in_progress:  // a classic group is between two assignments
      link_->back_off();
      return {.outcome = Outcome::repeat, .status = std::move(status)};
    case error_code::coordinator_not_available:
    case error_code::not_coordinator:
      link_->moved();
      return {.outcome = Outcome::repeat, .status = std::move(status)};
    case error_code::stale_member_epoch:
    case error_code::illegal_generation:
    case error_code::fenced_member_epoch:
      return {.outcome = Outcome::stale, .status = std::move(status)};
    case error_code::unknown_member_id:
    case error_code::group_id_not_found:
      return {.outcome = Outcome::unknown_member, .status = std::move(status)};
    default:
      if (!status.retriable()) return {.outcome = Outcome::refused, .status = std::move(status)};
      link_->back_off();
      return {.outcome = Outcome::repeat, .status = std::move(status)};
  }
}

}  // namespace moldau::inline v0::membership
