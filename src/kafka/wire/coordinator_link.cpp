#include "kafka/wire/coordinator_link.h"

#include "moldau/base/latch.h"

#include "kafka/wire/bootstrap.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/errors.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_wait{100};
constexpr milliseconds longest_wait{1'000};

}  // namespace

CoordinatorLink::CoordinatorLink(std::unique_ptr<Connection> connection, Target target,
                                 const Clock& clock, Random& random)
    : connection_(std::move(connection)),
      target_(std::move(target)),
      clock_(clock),
      random_(random),
      channel_(*connection_, clock, target_.client_id),
      // Not everybody at the first one.
      next_server_(static_cast<std::size_t>(random.next() % target_.servers.size())),
      not_before_(clock.steady()) {}

bool CoordinatorLink::ready() const { return phase_ == Phase::ready && channel_.is_open(); }

Status CoordinatorLink::advance(milliseconds may_block) {
  const Clock::Steady until = clock_.steady() + may_block;
  do {
    if (clock_.steady() < not_before_) return {};
    const Phase before = phase_;
    const auto left = std::chrono::ceil<milliseconds>(until - clock_.steady());
    if (Status status = step(std::max(left, milliseconds::zero())); !status) {
      return failed(std::move(status));
    }
    if (phase_ == before) return {};
  } while (!ready());
  return {};
}

Status CoordinatorLink::step(milliseconds may_block) {
  if (!channel_.is_open()) phase_ = Phase::disconnected;
  switch (phase_) {
    case Phase::disconnected:
      return connect(may_block);
    case Phase::checking_server:
    case Phase::checking_coordinator:
      return check(may_block);
    case Phase::finding:
      return find(may_block);
    case Phase::ready:
      return {};
  }
  return {};
}

Status CoordinatorLink::connect(milliseconds may_block) {
  const milliseconds timeout = may_block == milliseconds::zero() ? may_block : connect_timeout;
  if (coordinator_) {
    if (Status status = channel_.open(*coordinator_, timeout); !status) return status;
    phase_ = Phase::checking_coordinator;
  } else {
    const Endpoint& server = target_.servers[next_server_];
    next_server_ = (next_server_ + 1) % target_.servers.size();
    if (Status status = channel_.open(server, timeout); !status) return status;
    phase_ = Phase::checking_server;
  }
  return ask(versions_request());
}

Status CoordinatorLink::check(milliseconds may_block) {
  const auto answer = take<ApiVersionsRequest>(may_block);
  if (!answer) return answer.error();
  if (!*answer) return {};
  const std::int16_t code = (*answer)->error_code;
  if (code != error_code::none && code != error_code::unsupported_version) {
    return status_of(code, "asking " + to_string(channel_.broker()) + " for its versions");
  }
  const GroupSupport support = target_.kind == GroupKind::streams ? streams_group_support(**answer)
                                                                  : classic_group_support(**answer);
  if (!support.usable) {
    return {ErrorCode::unsupported,
            "broker " + to_string(channel_.broker()) + ": " + support.why_not,
            Status::Kind{.fatal = true}};
  }
  if (phase_ == Phase::checking_coordinator) {
    phase_ = Phase::ready;
    return {};
  }
  phase_ = Phase::finding;
  return ask(coordinator_request(target_.group_id));
}

Status CoordinatorLink::find(milliseconds may_block) {
  const auto answer = take<FindCoordinatorRequest>(may_block);
  if (!answer) return answer.error();
  if (!*answer) return {};
  Result<Endpoint> coordinator = coordinator_of(**answer, target_.group_id);
  if (!coordinator) return coordinator.error();
  coordinator_ = *std::move(coordinator);
  if (*coordinator_ == channel_.broker()) {
    phase_ = Phase::ready;  // it has answered for itself
  } else {
    channel_.close();
    phase_ = Phase::disconnected;
  }
  return {};
}

template <class Request>
Status CoordinatorLink::ask(const Request& request) {
  asked_at_ = clock_.steady();
  return channel_.start(request);
}

template <class Request>
Result<std::optional<typename Request::Response>> CoordinatorLink::take(milliseconds may_block) {
  const auto left = std::chrono::ceil<milliseconds>(asked_at_ + request_timeout - clock_.steady());
  auto answer = channel_.finish<Request>(std::clamp(left, milliseconds::zero(), may_block));
  if (answer && !*answer && clock_.steady() - asked_at_ >= request_timeout) return no_answer();
  return answer;
}

Status CoordinatorLink::no_answer() const {
  return Status::retriable(ErrorCode::timed_out,
                           "broker " + to_string(channel_.broker()) + " does not answer");
}

milliseconds CoordinatorLink::until(Clock::Steady deadline) const {
  const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
  return std::max(left, milliseconds::zero());
}

Status CoordinatorLink::failed(Status status) {
  moved();
  return status;
}

Status CoordinatorLink::reach(Clock::Steady deadline) {
  if (const Clock::Steady now = clock_.steady(); now < not_before_) {
    // Nobody opens it: a pause.
    const auto wait = std::chrono::ceil<milliseconds>(not_before_ - now);
    Latch{}.wait(std::min(until(deadline), wait));
  }
  if (clock_.steady() >= not_before_ && !ready()) {
    Status status = advance(until(deadline));
    if (status.code() == ErrorCode::authentication_failed) {
      return Status::retriable(status.code(), std::string{status.message()});
    }
    if (!status) return status;
  }
  if (clock_.steady() >= not_before_ && ready()) return {};
  return Status::retriable(ErrorCode::not_ready, "group \"" + target_.group_id +
                                                     "\": not connected to the coordinator yet");
}

void CoordinatorLink::hang_up() {
  channel_.close();
  phase_ = Phase::disconnected;
}

void CoordinatorLink::broken() {
  hang_up();
  back_off();
}

void CoordinatorLink::moved() {
  broken();
  coordinator_.reset();
}

void CoordinatorLink::back_off() {
  const int doublings = std::min(failures_++, 10);
  const milliseconds wait = std::min(longest_wait, shortest_wait * (1 << doublings));
  // Between four fifths and six fifths, so that those who were cut off together come back apart.
  const auto jitter = static_cast<std::int64_t>(random_.next() % 401) - 200;
  not_before_ = std::max(not_before_, clock_.steady() + wait + wait * jitter / 1'000);
}

void CoordinatorLink::throttled(milliseconds time) {
  not_before_ = std::max(not_before_, clock_.steady() + time);
}

void CoordinatorLink::well() { failures_ = 0; }

}  // namespace moldau::inline v0::kafka::wire
