#include "kafka/wire/sasl_exchange.h"

#include "moldau/testing/manual_clock.h"

#include "kafka/wire/scram_exchange.h"
#include "kafka/wire/unsecured_token.h"
#include "test_seed.h"

#include <absl/strings/escaping.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <stdexcept>
#include <string>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using Said = Result<std::optional<std::string>>;

Bytes heard(std::string_view text) { return Bytes{text}; }

// What the client says, or how it fails.
std::string said(const Said& what) {
  if (!what.ok()) {
    EXPECT_EQ(what.error().code(), ErrorCode::authentication_failed);
    return "failed: " + std::string{what.error().message()};
  }
  return *what ? **what : "(done)";
}

std::unique_ptr<SaslExchange> start(const SaslSettings& settings) {
  static testing::ManualClock clock{Timestamp{1'000'000}};
  auto started = start_exchange(settings, clock);
  if (!started.ok()) throw std::runtime_error{std::string{started.error().message()}};
  return *std::move(started);
}

TEST(Plain, NameAndPasswordAreSentAtOnce) {
  const auto exchange = start({.username = "me", .password = "word"});

  EXPECT_EQ(said(exchange->next(heard(""))), std::string("\0me\0word", 8));
  EXPECT_EQ(said(exchange->next(heard(""))), "(done)");
}

// The example of RFC 7677, and the same with the longer hash, computed with Python's hashlib.
struct Example {
  Mechanism mechanism;
  std::string proof;
  std::string verdict;
};
const std::string nonce = "rOprNGfwEbeRWgbNEkqO";
const std::string both_nonces = nonce + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const std::string challenge = "r=" + both_nonces + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
const Example sha_256{Mechanism::scram_sha_256, "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                      "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="};
const Example sha_512{
    Mechanism::scram_sha_512,
    "gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==",
    "ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw=="};

ScramExchange scram(const Example& example = sha_256) {
  return ScramExchange{example.mechanism, "user", "pencil", nonce};
}

TEST(Scram, SaysWhatTheStandardsExampleSays) {
  for (const Example& example : {sha_256, sha_512}) {
    ScramExchange exchange = scram(example);

    EXPECT_EQ(said(exchange.next(heard(""))), "n,,n=user,r=" + nonce);
    EXPECT_EQ(said(exchange.next(heard(challenge))),
              "c=biws,r=" + both_nonces + ",p=" + example.proof);
    EXPECT_EQ(said(exchange.next(heard("v=" + example.verdict))), "(done)");
  }
}

TEST(Scram, SeparatorsInANameAreWritten) {
  ScramExchange exchange{Mechanism::scram_sha_256, "a=b,c", "x", nonce};

  EXPECT_THAT(said(exchange.next(heard(""))), StartsWith("n,,n=a=3Db=2Cc,r="));
}

TEST(Scram, ABrokerThatDoesNotKnowThePasswordIsNotBelieved) {
  for (const std::string& verdict :
       {"v=" + sha_512.verdict, std::string{"v="}, std::string{"v=AAAA"}, std::string{"v=%%"},
        std::string{"ok"}, std::string{},
        std::string{"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="}}) {
    ScramExchange exchange = scram();
    static_cast<void>(exchange.next(heard("")));
    static_cast<void>(exchange.next(heard(challenge)));

    EXPECT_THAT(said(exchange.next(heard(verdict))), HasSubstr("does not know the password"));
  }
}

TEST(Scram, AWrongPasswordIsSaidByTheBroker) {
  ScramExchange exchange = scram();
  static_cast<void>(exchange.next(heard("")));
  static_cast<void>(exchange.next(heard(challenge)));

  EXPECT_THAT(said(exchange.next(heard("e=invalid-proof"))),
              HasSubstr("does not accept name and password"));
}

TEST(Scram, AChallengeThatIsNotOneIsRefused) {
  const std::string salt = ",s=W22ZaJ0SNY7soEsUEjb6gQ==";
  for (const std::string& wrong :
       {std::string{}, std::string{"r="}, "r=" + nonce + salt + ",i=4096",
        "r=other" + salt + ",i=4096", "r=" + both_nonces, "r=" + both_nonces + ",s=,i=4096",
        "r=" + both_nonces + ",s=%,i=4096", "r=" + both_nonces + salt,
        "r=" + both_nonces + salt + ",i=", "r=" + both_nonces + salt + ",i=4095",
        "r=" + both_nonces + salt + ",i=-1", "r=" + both_nonces + salt + ",i=4096x",
        "r=" + both_nonces + salt + ",i=1000001", "r=" + both_nonces + salt + ",i=99999999999",
        "m=unknown," + challenge}) {
    ScramExchange exchange = scram();
    static_cast<void>(exchange.next(heard("")));

    EXPECT_THAT(said(exchange.next(heard(wrong))), StartsWith("failed: ")) << wrong;
    EXPECT_THAT(said(exchange.next(heard("v=" + sha_256.verdict))), StartsWith("failed: "));
  }
}

TEST(Scram, NoncesAreLongAndNeverTheSame) {
  EXPECT_GE(random_scram_nonce().size(), 32U);
  EXPECT_NE(random_scram_nonce(), random_scram_nonce());
  EXPECT_EQ(random_scram_nonce().find(','), std::string::npos);
}

// Whatever a broker says: an answer or a failure, and never the password.
TEST(Sasl, RandomBytesOfABrokerEndAnExchangeAndDoNoHarm) {
  std::mt19937_64 random{test_seed()};
  const std::string alphabet = "rsive=,0149AZaz+/%\x01\x00 ";
  for (int round = 0; round < random_tries(3'000); ++round) {
    SaslSettings settings{.username = "user", .password = "canary"};
    settings.mechanism = static_cast<Mechanism>(random() % 4);
    settings.unsecured = "principal=me";
    const auto exchange = start(settings);
    std::string last = said(exchange->next(heard("")));
    for (int step = 0; step < 4 && last != "(done)" && !last.starts_with("failed: "); ++step) {
      std::string bytes;
      if (random() % 4 == 0 && last.starts_with("n,,n=")) {
        // Nearly right, so that more than the first check is reached.
        bytes = "r=" + last.substr(last.rfind("r=") + 2) + "x,s=c2FsdA==,i=4096";
        bytes[random() % bytes.size()] = static_cast<char>(random());
      } else {
        for (std::size_t size = random() % 40; size > 0; --size) {
          bytes += random() % 2 == 0 ? alphabet[random() % alphabet.size()]
                                     : static_cast<char>(random());
        }
      }
      last = said(exchange->next(heard(bytes)));
      if (settings.mechanism != Mechanism::plain) {
        EXPECT_THAT(last, Not(HasSubstr("canary")));
      }
    }
    if (settings.mechanism == Mechanism::scram_sha_256 ||
        settings.mechanism == Mechanism::scram_sha_512) {
      ASSERT_THAT(last, StartsWith("failed: ")) << "a broker was believed that knows nothing";
    }
  }
}

OAuthBearerToken token(std::string value) {
  return {.value = std::move(value), .expires_at = Timestamp{2'000'000}, .principal = "me"};
}

SaslSettings bearing(OAuthBearerTokenProvider provider) {
  return {.mechanism = Mechanism::oauthbearer, .tokens = std::move(provider)};
}

TEST(OAuthBearer, TheTokenIsSentWithItsExtensions) {
  OAuthBearerToken given = token("a.b.c");
  given.extensions = {{"trace", "42"}};
  const auto exchange = start(bearing([&] { return given; }));

  EXPECT_EQ(said(exchange->next(heard(""))),
            "n,,\x01"
            "auth=Bearer a.b.c\x01trace=42\x01\x01");
  EXPECT_EQ(said(exchange->next(heard(""))), "(done)");
}

TEST(OAuthBearer, WhyATokenIsRefusedIsAcknowledgedSoThatTheBrokerEndsIt) {
  const auto exchange = start(bearing([] { return token("a.b.c"); }));
  static_cast<void>(exchange->next(heard("")));

  EXPECT_EQ(said(exchange->next(heard("{\"status\":\"invalid_token\"}"))), "\x01");
  EXPECT_THAT(said(exchange->next(heard("again"))), StartsWith("failed: "));
}

TEST(OAuthBearer, ATokenThatCannotBeSentIsRefusedWithoutBeingShown) {
  testing::ManualClock clock{Timestamp{1'000'000}};
  for (const char* value : {"", "with blank", "line\nbreak", "ctrl\x01", "\xc3\xa4"}) {
    const auto started = start_exchange(bearing([&] { return token(value); }), clock);

    ASSERT_FALSE(started.ok()) << value;
    EXPECT_FALSE(started.error().retriable());
    EXPECT_THAT(started.error().message(), Not(HasSubstr("blank or")));
    EXPECT_THAT(started.error().message(), HasSubstr("cannot be sent"));
  }
}

TEST(OAuthBearer, WithoutATokenAtTheMomentItIsTriedAgainLater) {
  testing::ManualClock clock{Timestamp{2'000'000}};
  const auto expired = start_exchange(bearing([] { return token("a.b.c"); }), clock);
  const auto none = start_exchange(
      bearing([]() -> OAuthBearerToken { throw std::runtime_error{"provider is away"}; }), clock);

  ASSERT_FALSE(expired.ok());
  EXPECT_TRUE(expired.error().retriable());
  EXPECT_THAT(expired.error().message(), HasSubstr("expired"));
  ASSERT_FALSE(none.ok());
  EXPECT_TRUE(none.error().retriable());
  EXPECT_THAT(none.error().message(), HasSubstr("provider is away"));
}

nlohmann::json part_of(const std::string& jwt, std::size_t from) {
  const std::size_t end = jwt.find('.', from);
  std::string json;
  EXPECT_TRUE(absl::WebSafeBase64Unescape(absl::string_view{jwt.data() + from, end - from}, &json));
  return nlohmann::json::parse(json);
}

TEST(UnsecuredToken, SaysWhatItsSettingSays) {
  const auto made = unsecured_token(
      " principal=admin  scope=a,b lifeSeconds=60 extension_trace=42 ", Timestamp{1'000'000});

  ASSERT_TRUE(made.ok()) << made.error().message();
  const nlohmann::json header = part_of(made->value, 0);
  const nlohmann::json claims = part_of(made->value, made->value.find('.') + 1);
  EXPECT_EQ(header, (nlohmann::json{{"alg", "none"}}));
  EXPECT_EQ(
      claims,
      (nlohmann::json{{"sub", "admin"}, {"iat", 1000.0}, {"exp", 1060.0}, {"scope", {"a", "b"}}}));
  EXPECT_EQ(made->value.back(), '.');
  EXPECT_EQ(made->expires_at, Timestamp{1'060'000});
  EXPECT_EQ(made->extensions, (std::map<std::string, std::string>{{"trace", "42"}}));
}

TEST(UnsecuredToken, ASettingThatCannotBeReadIsRefused) {
  for (const char* wrong : {"", "scope=a", "principal", "principal=a lifeSeconds=0",
                            "principal=a lifeSeconds=x", "principal=a else=b", "=x"}) {
    const auto made = unsecured_token(wrong, Timestamp{0});

    ASSERT_FALSE(made.ok()) << wrong;
    EXPECT_EQ(made.error().code(), ErrorCode::invalid_request);
    EXPECT_THAT(made.error().message(), StartsWith("sasl.oauthbearer.config "));
  }
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
