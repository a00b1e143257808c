#pragma once

#include "moldau/export.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0 {

// What went wrong, as far as a caller branches on it. What a reader needs to know is in the
// message.
enum class ErrorCode : std::uint8_t {
  ok,
  timed_out,            // no answer within the time given; the outcome may be open
  queue_full,           // the producer's buffer is full: take deliveries, then send again
  transport,            // no connection, or it broke
  not_ready,            // the other side is loading, moving or deciding: ask again
  unknown_topic,        // topic or partition does not exist
  offset_out_of_range,  // the log does not hold that offset (any more)
  message_too_large,
  authentication_failed,
  authorization_failed,
  unsupported,  // the broker cannot do this
  already_exists,
  producer_fenced,  // another producer took over this transactional id
  stale_member,     // the group knows a newer epoch of this member, or does not know it
  invalid_request,  // refused for what was asked: asking again gives the same answer
  invalid_state,    // called at the wrong moment
  io,               // a file could not be read or written
  locked,           // another process holds the lock
  other,
};

[[nodiscard]] MOLDAU_EXPORT std::string_view name(ErrorCode code) noexcept;

// The outcome of a call across a seam (Kafka, file system), where failures are ordinary and the
// caller decides by their kind. An ok Status is one null pointer: it costs nothing to make, return
// or drop.
class [[nodiscard]] Status {
 public:
  // How the caller may go on. Set by whoever makes the Status, because the same code can mean
  // different things to a consumer and to a transaction.
  struct Kind {
    bool retriable = false;       // the same call may succeed later; nothing has been decided
    bool fatal = false;           // this client instance is of no more use: make a new one
    bool requires_abort = false;  // the open transaction cannot be committed any more
    bool fenced = false;          // somebody else owns what this client worked on
  };

  Status() noexcept = default;  // ok
  Status(ErrorCode code, std::string message, Kind kind)
      : detail_(std::make_shared<const Detail>(code, kind, std::move(message))) {}

  static Status make_ok() noexcept { return {}; }
  static Status retriable(ErrorCode code, std::string message) {
    return {code, std::move(message), Kind{.retriable = true}};
  }
  static Status permanent(ErrorCode code, std::string message) {
    return {code, std::move(message), Kind{}};
  }

  [[nodiscard]] bool ok() const noexcept { return detail_ == nullptr; }
  explicit operator bool() const noexcept { return ok(); }

  [[nodiscard]] ErrorCode code() const noexcept { return detail_ ? detail_->code : ErrorCode::ok; }
  [[nodiscard]] bool retriable() const noexcept { return detail_ && detail_->kind.retriable; }
  [[nodiscard]] bool fatal() const noexcept { return detail_ && detail_->kind.fatal; }
  [[nodiscard]] bool requires_abort() const noexcept {
    return detail_ && detail_->kind.requires_abort;
  }
  [[nodiscard]] bool fenced() const noexcept { return detail_ && detail_->kind.fenced; }
  // Empty when ok.
  [[nodiscard]] std::string_view message() const noexcept {
    return detail_ ? std::string_view{detail_->message} : std::string_view{};
  }
  [[nodiscard]] Kind kind() const noexcept { return detail_ ? detail_->kind : Kind{}; }

 private:
  struct Detail {
    Detail(ErrorCode c, Kind k, std::string m) : code(c), kind(k), message(std::move(m)) {}
    ErrorCode code;
    Kind kind;
    std::string message;
  };
  std::shared_ptr<const Detail> detail_;  // shared by copies; null when ok
};

// A T, or the Status that says why there is none.
template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `return value;` is the point.
  Result(T value) : value_(std::move(value)) {}
  // REQUIRES: !error.ok().
  // NOLINTNEXTLINE(google-explicit-constructor): `return status;` is the point.
  Result(Status error) : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }

  // REQUIRES: ok().
  [[nodiscard]] T& operator*() & noexcept { return *value_; }
  [[nodiscard]] const T& operator*() const& noexcept { return *value_; }
  [[nodiscard]] T&& operator*() && noexcept { return *std::move(value_); }
  [[nodiscard]] T* operator->() noexcept { return &*value_; }
  [[nodiscard]] const T* operator->() const noexcept { return &*value_; }

  // Ok when there is a value.
  [[nodiscard]] const Status& error() const noexcept { return error_; }

 private:
  std::optional<T> value_;
  Status error_;
};

}  // namespace moldau::inline v0
