#pragma once

#include "moldau/base/clock.h"

#include "kafka/wire/connection.h"
#include "kafka/wire/request_channel.h"
#include "kafka/wire/sasl_exchange.h"
#include "kafka/wire/security_settings.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::kafka::wire {

// A connection that is authenticated by SASL when it is open. Where brokers end sessions
// (connections.max.reauth.ms, the life of a token), it authenticates again in good time, in front
// of the next frame that is sent. So its user must have no answer outstanding when it sends, as
// RequestChannel never has; then send() may take up to reauthentication_timeout longer.
//
// A failure names broker, mechanism and user, never a secret. What the broker refuses is
// ErrorCode::authentication_failed, not retriable.
class AuthenticatingConnection final : public Connection {
 public:
  static constexpr std::chrono::milliseconds reauthentication_timeout{5'000};

  // `clock` must outlive it.
  AuthenticatingConnection(std::unique_ptr<Connection> beneath, SaslSettings settings,
                           const Clock& clock);

  Status open(const Endpoint& to, std::chrono::milliseconds timeout) override;
  void close() override { channel_.close(); }
  [[nodiscard]] bool is_open() const override { return beneath_->is_open(); }
  Status send(Bytes frame, std::chrono::milliseconds timeout) override;
  Result<std::optional<ByteBuffer>> receive(std::chrono::milliseconds timeout) override;
  void wake() override { beneath_->wake(); }

 private:
  Status authenticate(std::chrono::milliseconds timeout);
  Status exchange(Clock::Steady deadline);
  Status propose(Clock::Steady deadline);
  // Waits through wakes, which are for others.
  template <class Request>
  Result<typename Request::Response> ask(const Request& request, Clock::Steady deadline);
  void remember_lifetime(std::int64_t milliseconds, Clock::Steady started);
  [[nodiscard]] Status explain(const Status& status) const;

  const std::unique_ptr<Connection> beneath_;
  const SaslSettings settings_;
  const Clock& clock_;
  RequestChannel channel_;  // over beneath_
  std::optional<Clock::Steady> authenticate_again_at_;
  bool woken_ = false;
};

}  // namespace moldau::inline v0::kafka::wire
