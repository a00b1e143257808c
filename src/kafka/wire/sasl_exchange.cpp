#include "kafka/wire/sasl_exchange.h"

#include "kafka/wire/scram_exchange.h"
#include "kafka/wire/unsecured_token.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

Status not_accepted(std::string message) {
  return Status::permanent(ErrorCode::authentication_failed, std::move(message));
}

// RFC 4616.
class PlainExchange final : public SaslExchange {
 public:
  PlainExchange(std::string username, std::string password)
      : username_(std::move(username)), password_(std::move(password)) {}

  Result<std::optional<std::string>> next(Bytes /*heard*/) override {
    if (std::exchange(sent_, true)) return std::optional<std::string>{};
    const std::string zero(1, '\0');
    return std::optional{zero + username_ + zero + password_};
  }

 private:
  const std::string username_;
  const std::string password_;
  bool sent_ = false;
};

// RFC 7628.
class OAuthBearerExchange final : public SaslExchange {
 public:
  explicit OAuthBearerExchange(OAuthBearerToken token) : token_(std::move(token)) {}

  Result<std::optional<std::string>> next(Bytes heard) override {
    constexpr char separator = '\x01';
    if (!std::exchange(sent_, true)) {
      std::string message = std::string{"n,,"} + separator + "auth=Bearer " + token_.value;
      for (const auto& [name, value] : token_.extensions) {
        message += separator + name + "=" + value;
      }
      return std::optional{message + separator + separator};
    }
    if (heard.empty()) return std::optional<std::string>{};
    if (!std::exchange(acknowledged_, true)) {
      // The broker has said why not, and says that it failed once this is there.
      return std::optional{std::string{separator}};
    }
    return not_accepted("the broker does not accept the token");
  }

 private:
  const OAuthBearerToken token_;
  bool sent_ = false;
  bool acknowledged_ = false;
};

// What would end the message early, or say something else than the token.
bool is_sendable(const OAuthBearerToken& token) {
  const auto printable = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  };
  return !token.value.empty() && printable(token.value) &&
         token.value.find(' ') == std::string::npos &&
         std::ranges::all_of(token.extensions, [&](const auto& extension) {
           const auto& [name, value] = extension;
           return !name.empty() && name != "auth" && printable(name) && printable(value) &&
                  name.find('=') == std::string::npos;
         });
}

Result<OAuthBearerToken> take_token(const SaslSettings& settings, const Clock& clock) {
  if (settings.unsecured) return unsecured_token(*settings.unsecured, clock.wall());
  OAuthBearerToken token;
  try {
    token = settings.tokens();
  } catch (const std::exception& error) {
    // The identity provider may be back later.
    return Status::retriable(ErrorCode::authentication_failed,
                             std::string{"the token provider has no token: "} + error.what());
  }
  if (!is_sendable(token)) {
    return not_accepted(
        "the token provider gave a token that cannot be sent: it must not be empty, nor "
        "contain blanks or control characters, nor have an extension named auth");
  }
  if (token.expires_at <= clock.wall()) {
    return Status::retriable(ErrorCode::authentication_failed,
                             "the token provider gave a token that has expired already");
  }
  return token;
}

}  // namespace

Result<std::unique_ptr<SaslExchange>> start_exchange(const SaslSettings& settings,
                                                     const Clock& clock) {
  using Exchange = std::unique_ptr<SaslExchange>;
  switch (settings.mechanism) {
    case Mechanism::plain:
      return Exchange{std::make_unique<PlainExchange>(settings.username, settings.password)};
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_512:
      return Exchange{std::make_unique<ScramExchange>(settings.mechanism, settings.username,
                                                      settings.password, random_scram_nonce())};
    case Mechanism::oauthbearer:
      break;
  }
  Result<OAuthBearerToken> token = take_token(settings, clock);
  if (!token) return token.error();
  return Exchange{std::make_unique<OAuthBearerExchange>(*std::move(token))};
}

}  // namespace moldau::inline v0::kafka::wire
