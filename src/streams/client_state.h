#pragma once

#include "moldau/streams/streams.h"

#include <functional>
#include <mutex>
#include <string>

namespace moldau::inline v0::streams {

// Whether the state machine of an application takes a step (features of the reference's client):
// `move` goes there, `ignore` is a step that may be asked for and means nothing now, `forbidden` is
// a bug of ours.
enum class StateStep : std::uint8_t { move, ignore, forbidden };
[[nodiscard]] StateStep state_step(StreamsState from, StreamsState to) noexcept;

// The state of one application. Any thread; listeners are called outside the lock, one at a time
// and in order.
class ClientState {
 public:
  explicit ClientState(Logger& logger) : logger_(logger) {}

  // Before any thread runs.
  void set_listener(Streams::StateListener listener) { listener_ = std::move(listener); }

  [[nodiscard]] StreamsState get() const;
  // True if the state is now `to`.
  bool set(StreamsState to);
  // Keeps the first error.
  void set_error(std::string message);
  [[nodiscard]] std::string error() const;

 private:
  Logger& logger_;
  Streams::StateListener listener_;
  std::mutex listening_;  // held while a step is taken and told, so that steps are told in order
  mutable std::mutex mutex_;  // guards state_ and error_
  StreamsState state_ = StreamsState::created;
  std::string error_;
};

}  // namespace moldau::inline v0::streams
