#include "kafka/wire/authenticating_connection.h"

#include "moldau/base/error.h"

#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/errors.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

using std::chrono::milliseconds;

// No mechanism takes more; a broker that goes on and on is none.
constexpr int most_rounds = 8;
// Of a session, before it is renewed.
constexpr double part_of_session = 0.85;
// A broker's answer that is longer than this cannot become a number of nanoseconds.
constexpr milliseconds longest_session = std::chrono::hours{24 * 365};

milliseconds time_until(Clock::Steady deadline, const Clock& clock) {
  return std::max(std::chrono::ceil<milliseconds>(deadline - clock.steady()), milliseconds{0});
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

std::string_view remedy(Mechanism mechanism) {
  if (mechanism == Mechanism::oauthbearer) {
    return "check that the token is meant for this cluster and not expired";
  }
  return "check sasl.username and sasl.password, and that the brokers know this user for this "
         "mechanism";
}

}  // namespace

AuthenticatingConnection::AuthenticatingConnection(std::unique_ptr<Connection> beneath,
                                                   SaslSettings settings, const Clock& clock)
    : beneath_(std::move(beneath)),
      settings_(std::move(settings)),
      clock_(clock),
      channel_(*beneath_, clock, "moldau") {}

Status AuthenticatingConnection::open(const Endpoint& to, milliseconds timeout) {
  const Clock::Steady deadline = clock_.steady() + timeout;
  authenticate_again_at_.reset();
  if (Status status = channel_.open(to, timeout); !status) return status;
  return authenticate(time_until(deadline, clock_));
}

Status AuthenticatingConnection::send(Bytes frame, milliseconds timeout) {
  if (is_open() && authenticate_again_at_ && clock_.steady() >= *authenticate_again_at_) {
    if (Status status = authenticate(reauthentication_timeout); !status) return status;
  }
  return beneath_->send(frame, timeout);
}

Result<std::optional<ByteBuffer>> AuthenticatingConnection::receive(milliseconds timeout) {
  return beneath_->receive(timeout);
}

Status AuthenticatingConnection::authenticate(milliseconds timeout) {
  Status status;
  try {
    status = exchange(clock_.steady() + timeout);
  } catch (const Error& error) {
    status = Status::permanent(ErrorCode::authentication_failed, error.what());
  }
  if (std::exchange(woken_, false)) beneath_->wake();
  if (status.ok()) return status;
  channel_.close();
  return explain(status);
}

Status AuthenticatingConnection::exchange(Clock::Steady deadline) {
  const Clock::Steady started = clock_.steady();
  if (Status status = propose(deadline); !status) return status;
  Result<std::unique_ptr<SaslExchange>> begun = start_exchange(settings_, clock_);
  if (!begun) return begun.error();
  SaslExchange& mechanism = **begun;
  Result<std::optional<std::string>> message = mechanism.next(Bytes{});
  std::int64_t lifetime = 0;
  for (int round = 0; message && *message; ++round) {
    if (round == most_rounds) {
      return Status::permanent(ErrorCode::authentication_failed,
                               "the broker does not come to an end");
    }
    const Result<SaslAuthenticateResponse> answer =
        ask(SaslAuthenticateRequest{.auth_bytes = **std::move(message)}, deadline);
    if (!answer) return answer.error();
    if (answer->error_code != error_code::none) {
      const ProtocolError* known = find_protocol_error(answer->error_code);
      return Status{ErrorCode::authentication_failed,
                    describe_error(answer->error_code, answer->error_message) + "; " +
                        std::string{remedy(settings_.mechanism)},
                    Status::Kind{.retriable = known != nullptr && known->retriable}};
    }
    lifetime = answer->session_lifetime_ms;
    message = mechanism.next(Bytes{std::string_view{answer->auth_bytes}});
  }
  if (!message) return message.error();
  remember_lifetime(lifetime, started);
  return {};
}

Status AuthenticatingConnection::propose(Clock::Steady deadline) {
  const Result<SaslHandshakeResponse> answer =
      ask(SaslHandshakeRequest{.mechanism = name(settings_.mechanism)}, deadline);
  if (!answer) return answer.error();
  if (answer->error_code == error_code::none) return {};
  if (answer->error_code == error_code::unsupported_sasl_mechanism) {
    return Status::permanent(
        ErrorCode::authentication_failed,
        "the broker does not offer it (it offers: " + joined(answer->mechanisms) +
            "); change sasl.mechanism, or sasl.enabled.mechanisms of the brokers");
  }
  return status_of(answer->error_code, "check security.protocol and the port");
}

template <class Request>
Result<typename Request::Response> AuthenticatingConnection::ask(const Request& request,
                                                                 Clock::Steady deadline) {
  if (Status sent = channel_.start(request); !sent) return sent;
  for (int silences = 0;;) {
    auto answer = channel_.finish<Request>(time_until(deadline, clock_));
    if (!answer) return answer.error();
    if (*answer) return **std::move(answer);
    // The first may be a wake; so may the second, but then it is not worth the difference.
    if (++silences == 2 || time_until(deadline, clock_) == milliseconds{0}) {
      return Status::retriable(ErrorCode::timed_out, "no answer in time");
    }
    woken_ = true;
  }
}

void AuthenticatingConnection::remember_lifetime(std::int64_t lifetime, Clock::Steady started) {
  authenticate_again_at_.reset();
  if (lifetime <= 0) return;
  const milliseconds session = std::min(milliseconds{lifetime}, longest_session);
  authenticate_again_at_ =
      started + std::chrono::duration_cast<milliseconds>(session * part_of_session);
}

Status AuthenticatingConnection::explain(const Status& status) const {
  std::string who = name(settings_.mechanism);
  if (!settings_.username.empty() && settings_.mechanism != Mechanism::oauthbearer) {
    who += " as user \"" + settings_.username + "\"";
  }
  return Status{status.code(),
                "authentication by " + who + " at broker " + to_string(channel_.broker()) + ": " +
                    std::string{status.message()},
                status.kind()};
}

}  // namespace moldau::inline v0::kafka::wire
