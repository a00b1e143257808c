#include "membership/group_worker.h"

#include "moldau/base/assert.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;
using Heartbeat = MemberProtocol::Heartbeat;
using Describe = MemberProtocol::Describe;

// The first seconds without a coordinator are ordinary.
constexpr std::chrono::seconds patience{3};
constexpr std::chrono::seconds complaint_interval{30};
// What "nothing to do" comes to: somebody wakes the worker when there is.
constexpr std::chrono::seconds idle_time{60};

}  // namespace

GroupWorker::GroupWorker(std::string group_id, std::unique_ptr<kafka::wire::CoordinatorLink> link,
                         const Clock& clock, std::shared_ptr<Logger> logger)
    : group_id_(std::move(group_id)),
      link_(std::move(link)),
      clock_(clock),
      logger_(std::move(logger)) {}

void GroupWorker::add(std::shared_ptr<SharedMember> member) {
  const std::lock_guard lock{mutex_};
  members_.push_back(std::move(member));
}

void GroupWorker::finish() {
  finishing_.store(true);
  link_->wake();
}

std::optional<Clock::Steady> GroupWorker::step(milliseconds may_block) {
  if (finishing_.load()) return std::nullopt;
  const Clock::Steady now = clock_.steady();
  const Members members = living();
  for (const auto& member : members) {
    member->with([&](MemberProtocol& protocol) { protocol.tick(now); });
  }
  if (in_flight_) {
    receive(may_block);
  } else if (const auto member = most_urgent(members, now)) {
    if (link_->ready()) {
      send(member);
    } else {
      connect(members, may_block);
    }
  }
  for (const auto& member : members) member->announce();
  return next_turn(members);
}

GroupWorker::Members GroupWorker::living() {
  const std::lock_guard lock{mutex_};
  std::erase_if(members_, [](const auto& member) { return member->dropped(); });
  return members_;
}

// Nobody is asked anything while the coordinator wants to be left alone.
std::shared_ptr<SharedMember> GroupWorker::most_urgent(const Members& members,
                                                       Clock::Steady now) const {
  if (now < link_->not_before()) return nullptr;
  std::shared_ptr<SharedMember> most;
  Clock::Steady earliest = now;
  for (const auto& member : members) {
    const auto due = member->with([](MemberProtocol& protocol) { return protocol.request_due(); });
    if (!due || *due > now || (most != nullptr && *due >= earliest)) continue;
    earliest = *due;
    most = member;
  }
  return most;
}

std::optional<Clock::Steady> GroupWorker::next_turn(const Members& members) const {
  const Clock::Steady now = clock_.steady();
  if (in_flight_) return now;
  Clock::Steady next = now + idle_time;
  for (const auto& member : members) {
    const auto [request, tick] = member->with([](MemberProtocol& protocol) {
      return std::pair{protocol.request_due(), protocol.tick_due()};
    });
    if (request) next = std::min(next, std::max(*request, link_->not_before()));
    if (tick) next = std::min(next, *tick);
  }
  return next;
}

void GroupWorker::connect(const Members& members, milliseconds may_block) {
  if (const Status status = link_->advance(may_block); !status) trouble(members, status);
}

void GroupWorker::send(const std::shared_ptr<SharedMember>& member) {
  const Clock::Steady now = clock_.steady();
  const auto request =
      member->with([&](MemberProtocol& protocol) -> std::optional<MemberProtocol::Request> {
        if (!protocol.request_due()) return std::nullopt;  // it has left in the meantime
        return protocol.next_request(now);
      });
  if (!request) return;
  in_flight_ = InFlight{.member = member,
                        .deadline = now + kafka::wire::CoordinatorLink::request_timeout,
                        .describes = std::holds_alternative<Describe>(*request)};
  link_->channel().speak_as(member->client_id());
  const Status sent =
      std::visit([&](const auto& each) { return link_->channel().start(each); }, *request);
  if (!sent) answer_lost(sent);
}

void GroupWorker::receive(milliseconds may_block) {
  if (in_flight_->describes) {
    receive<Describe>(may_block);
  } else {
    receive<Heartbeat>(may_block);
  }
}

template <class Request>
void GroupWorker::receive(milliseconds may_block) {
  const auto left = std::chrono::ceil<milliseconds>(in_flight_->deadline - clock_.steady());
  const auto answer =
      link_->channel().finish<Request>(std::clamp(left, milliseconds::zero(), may_block));
  if (!answer) return answer_lost(answer.error());
  const Clock::Steady now = clock_.steady();
  if (!*answer) {
    if (now < in_flight_->deadline) return;
    return answer_lost(Status::retriable(ErrorCode::timed_out, "the coordinator has not answered " +
                                                                   std::string{Request::api_name}));
  }
  const std::shared_ptr<SharedMember> member = std::exchange(in_flight_, std::nullopt)->member;
  link_->throttled(milliseconds{std::max((*answer)->throttle_time_ms, 0)});
  follow(member->with([&](MemberProtocol& protocol) { return protocol.answered(**answer, now); }));
  report_waiting(*member);
  member->announce();
}

void GroupWorker::answer_lost(const Status& why) {
  logger_->info("group " + group_id_ + ": no answer from the coordinator, going on with a new " +
                "connection: " + std::string{why.message()});
  link_->broken();
  const std::shared_ptr<SharedMember> member = std::exchange(in_flight_, std::nullopt)->member;
  member->with([&](MemberProtocol& protocol) { protocol.unanswered(clock_.steady()); });
  member->announce();
}

void GroupWorker::follow(Advice advice) {
  switch (advice) {
    case Advice::go_on:
      trouble_since_.reset();
      return link_->well();
    case Advice::back_off:
      return link_->back_off();
    case Advice::find_coordinator:
      return link_->moved();
  }
}

void GroupWorker::trouble(const Members& members, const Status& status) {
  if (!status.retriable()) {
    for (const auto& member : members) {
      member->with([&](MemberProtocol& protocol) { protocol.unreachable_for_good(status); });
    }
  }
  const Clock::Steady now = clock_.steady();
  if (!trouble_since_) trouble_since_ = now;
  if (now - *trouble_since_ < patience) return;
  if (last_complaint_ && now - *last_complaint_ < complaint_interval) return;
  last_complaint_ = now;
  const std::string detail =
      "no coordinator for group " + group_id_ + " yet: " + std::string{status.message()};
  logger_->warning(detail + "; trying again");
  for (const auto& member : members) {
    member->with([&](MemberProtocol& protocol) { protocol.tell_waiting(detail); });
  }
}

void GroupWorker::report_waiting(SharedMember& member) {
  const std::string waiting =
      member.with([](MemberProtocol& protocol) { return protocol.waiting_for(); });
  if (waiting == reported_) return;
  reported_ = waiting;
  if (!waiting.empty()) logger_->info("group " + group_id_ + " waits: " + waiting);
}

}  // namespace moldau::inline v0::membership
