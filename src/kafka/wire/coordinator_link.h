#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/random.h"
#include "moldau/base/status.h"

#include "kafka/wire/connection.h"
#include "kafka/wire/request_channel.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::wire {

// Finds the coordinator of a group and keeps a connection to it: asks one of the bootstrap servers,
// makes sure that the brokers know groups of its kind, and goes on to the broker that it names.
// After a failure it waits, longer each time in a row, with jitter.
//
// A stepper: advance() goes as far as it can in the time it is given. One thread only, except
// wake().
class CoordinatorLink {
 public:
  enum class GroupKind : std::uint8_t { streams, classic };
  struct Target {
    std::string group_id;
    std::string client_id;
    std::vector<Endpoint> servers;
    GroupKind kind = GroupKind::streams;
  };

  // `clock` and `random` must outlive it.
  CoordinatorLink(std::unique_ptr<Connection> connection, Target target, const Clock& clock,
                  Random& random);

  // Connected to the coordinator, so that channel() may be asked.
  [[nodiscard]] bool ready() const;
  [[nodiscard]] RequestChannel& channel() { return channel_; }

  // Goes on towards ready(). Blocks at most `may_block`, longer only while a TCP connection is
  // being made: at most connect_timeout, and not at all if `may_block` is zero. Nothing before
  // not_before(). A failure has begun the next wait; it is retriable unless only another cluster or
  // configuration can help.
  Status advance(std::chrono::milliseconds may_block);
  [[nodiscard]] Clock::Steady not_before() const noexcept { return not_before_; }

  // As advance() until the link is ready or `deadline` has come; ErrorCode::not_ready, retriable,
  // if it is not ready then. Waits through not_before(), so that a caller may ask again at once.
  // For those who ask as a member: their credentials were good once, so ones that are refused are
  // being changed, or the brokers are slow to hear of it, and that is retriable.
  Status reach(Clock::Steady deadline);

  // The answer to the request that channel() has sent at `asked_at`; nullopt while there is none by
  // `deadline`. A failure, and no answer within request_timeout, are broken() and retriable.
  template <class Request>
  Result<std::optional<typename Request::Response>> answer(Clock::Steady asked_at,
                                                           Clock::Steady deadline) {
    const Clock::Steady give_up = asked_at + request_timeout;
    auto answer = channel_.finish<Request>(until(std::min(deadline, give_up)));
    if (answer && !*answer && clock_.steady() < give_up) return answer;
    if (!answer || !*answer) {
      broken();
      return answer ? no_answer() : answer.error();
    }
    throttled(std::chrono::milliseconds{std::max((*answer)->throttle_time_ms, 0)});
    return answer;
  }

  // An answer on its way is not wanted any more.
  void hang_up();
  // The coordinator does not answer, or in a way that cannot be understood.
  void broken();
  // The group is coordinated by another broker, or by none at the moment.
  void moved();
  // The coordinator wants to be left alone for a moment, or for the time it says.
  void back_off();
  void throttled(std::chrono::milliseconds time);
  // A request was answered: the next failure is the first in a row.
  void well();

  void wake() { connection_->wake(); }

  static constexpr std::chrono::milliseconds connect_timeout{3'000};
  static constexpr std::chrono::milliseconds request_timeout{10'000};

 private:
  enum class Phase : std::uint8_t {
    disconnected,
    checking_server,
    finding,
    checking_coordinator,
    ready,
  };

  Status step(std::chrono::milliseconds may_block);
  Status connect(std::chrono::milliseconds may_block);
  Status check(std::chrono::milliseconds may_block);
  Status find(std::chrono::milliseconds may_block);
  template <class Request>
  Status ask(const Request& request);
  template <class Request>
  Result<std::optional<typename Request::Response>> take(std::chrono::milliseconds may_block);
  Status failed(Status status);
  [[nodiscard]] Status no_answer() const;
  [[nodiscard]] std::chrono::milliseconds until(Clock::Steady deadline) const;

  const std::unique_ptr<Connection> connection_;
  const Target target_;
  const Clock& clock_;
  Random& random_;
  RequestChannel channel_;
  Phase phase_ = Phase::disconnected;
  std::optional<Endpoint> coordinator_;
  std::size_t next_server_;
  Clock::Steady asked_at_;
  Clock::Steady not_before_;
  int failures_ = 0;  // in a row
};

}  // namespace moldau::inline v0::kafka::wire
