// Whole applications on a broker with TLS and SASL.

#include "security/secured_application.h"

#include <librdkafka/rdkafka.h>

namespace moldau {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A failure of the first contact is told within this.
constexpr std::chrono::milliseconds at_once{10'000};

TEST_F(SecuredApplication, CountsOverTls) {
  const auto streams = start(config(over_tls()));
  say("word");
  EXPECT_TRUE(has_results(1)) << log_->text();
  EXPECT_THAT(results(), ElementsAre("1"));
}

TEST_F(SecuredApplication, CountsOverMutualTls) {
  const auto streams = start(config(over_mutual_tls()));
  say("word");
  EXPECT_TRUE(has_results(1)) << log_->text();
}

TEST_F(SecuredApplication, CountsWithAPassword) {
  const auto streams = start(config(over_sasl("PLAIN")));
  say("word");
  EXPECT_TRUE(has_results(1)) << log_->text();
}

TEST_F(SecuredApplication, CountsWithTokensOfAProvider) {
  kafka::ClientSettings settings = over_sasl("OAUTHBEARER");
  Config with_tokens = config(settings);
  // {"alg":"none"}.{"sub":"app","iat":1700000000,"exp":4102444800}.
  with_tokens.oauthbearer_tokens = [] {
    return kafka::OAuthBearerToken{
        .value =
            "eyJhbGciOiJub25lIn0."
            "eyJzdWIiOiJhcHAiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6NDEwMjQ0NDgwMH0.",
        .expires_at = Timestamp{4'102'444'800'000},
        .principal = "app"};
  };

  const auto streams = start(std::move(with_tokens));
  say("word");
  EXPECT_TRUE(has_results(1)) << log_->text();
}

TEST_F(SecuredApplication, CountsWithTokensThatAreNotSigned) {
  const auto streams = start(config(as_bearer("app")));
  say("word");
  EXPECT_TRUE(has_results(1)) << log_->text();
}

TEST_F(SecuredApplication, ScramNeedsALibrdkafkaThatSpeaksItRightly) {
  constexpr int first_good = 0x02060100;
  const Config scram = config(over_sasl("SCRAM-SHA-512"));
  if (rd_kafka_version() >= first_good) {
    const auto streams = start(scram);
    say("word");
    EXPECT_TRUE(has_results(1)) << log_->text();
    return;
  }
  try {
    const Streams streams{topology(), scram};
    FAIL() << "was not refused";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("SCRAM-SHA-512"), HasSubstr("2.6.1")));
  }
}

TEST_F(SecuredApplication, AWrongPasswordStopsItAtOnceAndIsNotShown) {
  Config wrong = config(over_sasl("PLAIN"));
  wrong.set("sasl.password", "canary-password");
  wrong.set("consumer.debug", "all");

  const auto streams = start(std::move(wrong));

  const std::string failure = failure_of(*streams, at_once);
  EXPECT_THAT(failure, AllOf(HasSubstr("PLAIN"), HasSubstr("\"app\""), HasSubstr("sasl.password")));
  EXPECT_THAT(failure + log_->text(), Not(HasSubstr("canary-password")));
}

TEST_F(SecuredApplication, AnotherAuthorityStopsItAtOnce) {
  kafka::ClientSettings settings = over_tls();
  settings["ssl.ca.location"] = secured_broker_file("stranger.pem");

  const auto streams = start(config(settings));

  EXPECT_THAT(failure_of(*streams, at_once), HasSubstr("ssl.ca.location"));
}

}  // namespace
}  // namespace moldau
