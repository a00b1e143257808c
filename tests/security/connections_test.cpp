// Our own connections to a broker with TLS and SASL.

#include "moldau/base/clock.h"

#include "eventually.h"
#include "kafka/wire/bootstrap.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/make_connection.h"
#include "security/secured_broker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::chrono::milliseconds timeout = 20s;

// A request, answered, over a new connection.
class Asked {
 public:
  explicit Asked(const ClientSettings& settings, const OAuthBearerTokenProvider& tokens = {})
      : connection_(made(settings, tokens)) {
    const auto servers = parse_bootstrap_servers(settings.at("bootstrap.servers"));
    status = open_any(channel, *servers, timeout);
    if (status.ok()) ask();
  }

  void ask() { status = ask_streams_group_support(channel, timeout).error(); }

 private:
  static std::unique_ptr<Connection> made(const ClientSettings& settings,
                                          const OAuthBearerTokenProvider& tokens) {
    auto connection = make_connection(settings, system_clock(), tokens);
    if (!connection.ok()) throw std::runtime_error{std::string{connection.error().message()}};
    return *std::move(connection);
  }

  std::unique_ptr<Connection> connection_;

 public:
  RequestChannel channel{*connection_, system_clock(), "test"};
  Status status;
};

TEST(SecuredConnection, ReachesABrokerInEveryWay) {
  for (const ClientSettings& settings :
       {over_tls(), over_mutual_tls(), over_sasl("PLAIN"), over_sasl("SCRAM-SHA-256"),
        over_sasl("SCRAM-SHA-512"), as_bearer("anybody")}) {
    const Asked asked{settings};

    EXPECT_TRUE(asked.status.ok()) << asked.status.message();
  }
}

TEST(SecuredConnection, TokensMayComeFromAProvider) {
  ClientSettings settings = as_bearer("anybody");
  settings.erase("enable.sasl.oauthbearer.unsecure.jwt");
  settings.erase("sasl.oauthbearer.config");
  // {"alg":"none"}.{"sub":"me","iat":1700000000,"exp":4102444800}.
  const Asked good{settings, [] {
                     return OAuthBearerToken{
                         .value =
                             "eyJhbGciOiJub25lIn0."
                             "eyJzdWIiOiJtZSIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjo0MTAyNDQ0ODAwfQ.",
                         .expires_at = Timestamp::max(),
                         .principal = "me"};
                   }};
  const Asked bad{settings, [] {
                    return OAuthBearerToken{
                        .value = "canary", .expires_at = Timestamp::max(), .principal = "me"};
                  }};

  EXPECT_TRUE(good.status.ok()) << good.status.message();
  EXPECT_EQ(bad.status.code(), ErrorCode::authentication_failed);
  EXPECT_FALSE(bad.status.retriable());
  EXPECT_THAT(bad.status.message(),
              AllOf(HasSubstr("OAUTHBEARER"), HasSubstr("token"), Not(HasSubstr("canary"))));
}

TEST(SecuredConnection, AWrongPasswordIsRefusedByName) {
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    ClientSettings settings = over_sasl(mechanism);
    settings["sasl.password"] = "canary";

    const Asked asked{settings};

    EXPECT_EQ(asked.status.code(), ErrorCode::authentication_failed);
    EXPECT_FALSE(asked.status.retriable());
    EXPECT_THAT(asked.status.message(),
                AllOf(HasSubstr(mechanism), HasSubstr("\"app\""), HasSubstr("sasl.password"),
                      HasSubstr(settings.at("bootstrap.servers")), Not(HasSubstr("canary"))));
  }
}

TEST(SecuredConnection, AnotherAuthorityIsRefused) {
  ClientSettings settings = over_tls();
  settings["ssl.ca.location"] = secured_broker_file("stranger.pem");

  const Asked asked{settings};

  EXPECT_EQ(asked.status.code(), ErrorCode::authentication_failed);
  EXPECT_FALSE(asked.status.retriable());
  EXPECT_THAT(asked.status.message(), HasSubstr("ssl.ca.location"));
}

TEST(SecuredConnection, ANameThatTheCertificateLacksIsRefused) {
  ClientSettings settings = over_tls();
  settings["bootstrap.servers"].replace(0, std::string{"localhost"}.size(), "127.0.0.1");

  const Asked asked{settings};

  EXPECT_EQ(asked.status.code(), ErrorCode::authentication_failed);
  EXPECT_THAT(asked.status.message(), HasSubstr("advertised.listeners"));
}

TEST(SecuredConnection, WithoutOurCertificateABrokerThatWantsItRefuses) {
  ClientSettings settings = over_tls();
  settings["bootstrap.servers"] = over_mutual_tls().at("bootstrap.servers");

  const Asked asked{settings};

  EXPECT_EQ(asked.status.code(), ErrorCode::authentication_failed) << asked.status.message();
  EXPECT_THAT(asked.status.message(), HasSubstr("ssl.certificate.location"));
}

TEST(SecuredConnection, TheWrongProtocolIsAFailureThatSaysSo) {
  ClientSettings tls_to_plaintext = over_tls();
  tls_to_plaintext["bootstrap.servers"] = unprotected().at("bootstrap.servers");
  ClientSettings plaintext_to_tls = unprotected();
  plaintext_to_tls["bootstrap.servers"] = over_tls().at("bootstrap.servers");

  const Asked first{tls_to_plaintext};
  const Asked second{plaintext_to_tls};

  EXPECT_THAT(first.status.message(), HasSubstr("TLS"));
  EXPECT_FALSE(second.status.ok());
}

// Brokers close a connection whose session has ended with the next request.
TEST(SecuredConnection, ASessionIsRenewedOnTheSameConnection) {
  for (const ClientSettings& settings :
       {over_sasl("PLAIN", "SHORT"), over_sasl("SCRAM-SHA-256", "SHORT"),
        as_bearer("anybody", "SHORT")}) {
    Asked asked{settings};
    ASSERT_TRUE(asked.status.ok()) << asked.status.message();

    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(eventually(30s, [&] {
      asked.ask();
      return !asked.status.ok() || std::chrono::steady_clock::now() - begun > 11s;
    }));

    EXPECT_TRUE(asked.status.ok()) << asked.status.message();
    EXPECT_TRUE(asked.channel.is_open());
  }
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
