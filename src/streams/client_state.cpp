#include "streams/client_state.h"

#include "moldau/base/assert.h"
#include "moldau/processor/error_handlers.h"

#include <exception>
#include <utility>

namespace moldau::inline v0 {

std::string_view name(StreamsState state) noexcept {
  switch (state) {
    case StreamsState::created:
      return "CREATED";
    case StreamsState::rebalancing:
      return "REBALANCING";
    case StreamsState::running:
      return "RUNNING";
    case StreamsState::pending_shutdown:
      return "PENDING_SHUTDOWN";
    case StreamsState::not_running:
      return "NOT_RUNNING";
    case StreamsState::pending_error:
      return "PENDING_ERROR";
    case StreamsState::error:
      return "ERROR";
  }
  return "";
}

}  // namespace moldau::inline v0

namespace moldau::inline v0::streams {

StateStep state_step(StreamsState from, StreamsState to) noexcept {
  using enum StreamsState;
  const auto either = [to](StreamsState a, StreamsState b) { return to == a || to == b; };
  switch (from) {
    case created:
      return either(rebalancing, pending_shutdown) ? StateStep::move : StateStep::forbidden;
    case rebalancing:
      if (to == rebalancing) return StateStep::ignore;
      return to == running || either(pending_shutdown, pending_error) ? StateStep::move
                                                                      : StateStep::forbidden;
    case running:
      if (to == running) return StateStep::ignore;
      return to == rebalancing || either(pending_shutdown, pending_error) ? StateStep::move
                                                                          : StateStep::forbidden;
    case pending_shutdown:
      return to == not_running ? StateStep::move : StateStep::ignore;
    case not_running:
      return either(pending_shutdown, not_running) ? StateStep::ignore : StateStep::forbidden;
    case pending_error:
      return to == error ? StateStep::move : StateStep::ignore;
    case error:
      return to == error || either(pending_shutdown, pending_error) ? StateStep::ignore
                                                                    : StateStep::forbidden;
  }
  return StateStep::forbidden;
}

StreamsState ClientState::get() const {
  const std::lock_guard lock{mutex_};
  return state_;
}

bool ClientState::set(StreamsState to) {
  const std::lock_guard listening{listening_};
  StreamsState from;
  {
    const std::lock_guard lock{mutex_};
    from = state_;
    const StateStep step = state_step(from, to);
    MOLDAU_ASSERT(step != StateStep::forbidden);
    if (step != StateStep::move) return from == to;
    state_ = to;
  }
  logger_.info("state " + std::string{name(from)} + " -> " + std::string{name(to)});
  if (!listener_) return true;
  try {
    listener_(to, from);
  } catch (...) {
    logger_.error("the state listener threw: " + describe(std::current_exception()));
  }
  return true;
}

void ClientState::set_error(std::string message) {
  const std::lock_guard lock{mutex_};
  if (error_.empty()) error_ = std::move(message);
}

std::string ClientState::error() const {
  const std::lock_guard lock{mutex_};
  return error_;
}

}  // namespace moldau::inline v0::streams
