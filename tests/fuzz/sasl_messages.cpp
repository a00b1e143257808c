// What a broker says during authentication. Nobody who does not know the password is believed.

#include "fuzz/target.h"
#include "kafka/wire/sasl_exchange.h"
#include "kafka/wire/scram_exchange.h"

namespace moldau::fuzz {

using namespace kafka::wire;

namespace {

class Standstill final : public Clock {
 public:
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
  [[nodiscard]] Timestamp wall() const override { return Timestamp{0}; }
};

std::unique_ptr<SaslExchange> exchange_of(Mechanism mechanism) {
  constexpr std::string_view nonce = "nonce";
  switch (mechanism) {
    case Mechanism::scram_sha_256:
    case Mechanism::scram_sha_512:
      return std::make_unique<ScramExchange>(mechanism, "user", "password", std::string{nonce});
    case Mechanism::plain:
    case Mechanism::oauthbearer:
      break;
  }
  SaslSettings settings{.mechanism = mechanism, .username = "user", .password = "password"};
  settings.tokens = [] {
    return kafka::OAuthBearerToken{.value = "token", .expires_at = Timestamp{1}, .principal = "p"};
  };
  return *start_exchange(settings, Standstill{});
}

// True if the exchange ended with trust.
bool believed(Mechanism mechanism, Choices said) {
  const std::unique_ptr<SaslExchange> exchange = exchange_of(mechanism);
  Bytes heard;
  for (int step = 0; step < 5; ++step) {
    const auto answer = exchange->next(heard);
    if (!answer) return false;
    if (!*answer) return true;
    heard = said.piece<std::uint8_t>();
  }
  return false;
}

bool believed_once() {
  const Bytes challenge{std::string_view{"\x1ar=nonce1,s=c2FsdA==,i=4096\x01v"}};
  return believed(Mechanism::scram_sha_256, Choices{challenge}) ||
         believed(Mechanism::scram_sha_512, Choices{challenge});
}

}  // namespace

void run(Bytes input) {
  // OpenSSL makes itself ready at the first use of each of its parts.
  static const bool too_easy = believed_once();
  require(!too_easy, "a first message is no proof");

  Choices choices{input};
  const auto mechanism = static_cast<Mechanism>(choices.one_of(4));
  bool trusted = false;
  static_cast<void>(understood<Nothing>(input, [&] { trusted = believed(mechanism, choices); }));
  const bool mutual =
      mechanism == Mechanism::scram_sha_256 || mechanism == Mechanism::scram_sha_512;
  require(!(trusted && mutual), "who does not know the password is not believed");
}

}  // namespace moldau::fuzz
