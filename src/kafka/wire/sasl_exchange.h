#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/clock.h"
#include "moldau/base/status.h"

#include "kafka/wire/security_settings.h"

#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::kafka::wire {

// The client's side of one authentication by SASL: who says what, whatever carries it.
class SaslExchange {
 public:
  virtual ~SaslExchange() = default;

  // What to send next; nullopt when the broker has said all that it must. `heard` is the broker's
  // last message, anything at all, and empty at first. A failure ends the exchange: it is
  // ErrorCode::authentication_failed, and retriable if another attempt can end otherwise.
  virtual Result<std::optional<std::string>> next(Bytes heard) = 0;
};

// A new exchange of the mechanism that the settings choose. Asks the provider for a token, if that
// is what the mechanism sends.
[[nodiscard]] Result<std::unique_ptr<SaslExchange>> start_exchange(const SaslSettings& settings,
                                                                   const Clock& clock);

}  // namespace moldau::inline v0::kafka::wire
