#include "kafka/wire/security_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::inline v0::kafka::wire {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

SecuritySettings understood(const ClientSettings& settings,
                            const OAuthBearerTokenProvider& tokens = {}) {
  const auto result = security_settings(settings, tokens);
  EXPECT_TRUE(result.ok()) << result.error().message();
  return result.ok() ? *result : SecuritySettings{};
}

std::string problem(const ClientSettings& settings, const OAuthBearerTokenProvider& tokens = {}) {
  const auto result = security_settings(settings, tokens);
  if (result.ok()) return "none";
  EXPECT_EQ(result.error().code(), ErrorCode::invalid_request);
  EXPECT_FALSE(result.error().retriable());
  return std::string{result.error().message()};
}

OAuthBearerToken any_token() { return {}; }

TEST(SecuritySettings, TheProtocolSaysWhatIsSpoken) {
  const ClientSettings user{
      {"sasl.mechanism", "PLAIN"}, {"sasl.username", "u"}, {"sasl.password", "p"}};
  const auto with = [&](const char* protocol) {
    ClientSettings settings = user;
    settings["security.protocol"] = protocol;
    const SecuritySettings security = understood(settings);
    return std::pair{security.tls.has_value(), security.sasl.has_value()};
  };

  EXPECT_FALSE(understood({}).tls || understood({}).sasl);
  EXPECT_EQ(with("PLAINTEXT"), std::pair(false, false));
  EXPECT_EQ(with("SSL"), std::pair(true, false));
  EXPECT_EQ(with("sasl_plaintext"), std::pair(false, true));
  EXPECT_EQ(with("SASL_SSL"), std::pair(true, true));
  EXPECT_THAT(problem({{"security.protocol", "TLS"}}),
              AllOf(HasSubstr("\"TLS\""), HasSubstr("SASL_SSL")));
}

TEST(SecuritySettings, EverythingIsCheckedUnlessToldOtherwise) {
  const auto tls = understood({{"security.protocol", "SSL"}}).tls;

  ASSERT_TRUE(tls);
  EXPECT_TRUE(tls->checks_certificate);
  EXPECT_TRUE(tls->checks_host_name);
}

TEST(SecuritySettings, AMechanismIsChosenByTheProtocolsName) {
  for (const Mechanism mechanism :
       {Mechanism::plain, Mechanism::scram_sha_256, Mechanism::scram_sha_512}) {
    const auto sasl = understood({{"security.protocol", "SASL_SSL"},
                                  {"sasl.mechanisms", name(mechanism)},
                                  {"sasl.username", "u"},
                                  {"sasl.password", "p"}})
                          .sasl;
    ASSERT_TRUE(sasl);
    EXPECT_EQ(sasl->mechanism, mechanism);
  }
  EXPECT_THAT(problem({{"security.protocol", "SASL_SSL"}}), HasSubstr("sasl.mechanism is missing"));
  EXPECT_THAT(problem({{"security.protocol", "SASL_SSL"}, {"sasl.mechanism", "GSSAPI"}}),
              HasSubstr("SCRAM-SHA-512"));
}

TEST(SecuritySettings, WhatAMechanismNeedsMustBeThere) {
  EXPECT_THAT(problem({{"security.protocol", "SASL_SSL"},
                       {"sasl.mechanism", "PLAIN"},
                       {"sasl.password", "canary"}}),
              AllOf(HasSubstr("sasl.username"), Not(HasSubstr("canary"))));
  const ClientSettings bearer{{"security.protocol", "SASL_SSL"}, {"sasl.mechanism", "OAUTHBEARER"}};
  EXPECT_THAT(problem(bearer), HasSubstr("Config::oauthbearer_tokens"));
  EXPECT_EQ(problem(bearer, any_token), "none");
  ClientSettings unsecured = bearer;
  unsecured["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
  EXPECT_EQ(problem(unsecured), "none");
  EXPECT_THAT(problem(unsecured, any_token), HasSubstr("exclude each other"));
}

TEST(SecuritySettings, WhatOnlyLibrdkafkaCouldDoIsRefused) {
  for (const char* name : {"ssl.keystore.location", "ssl.engine.location", "ssl.providers",
                           "sasl.oauthbearer.token.endpoint.url"}) {
    EXPECT_THAT(problem({{name, "x"}}), HasSubstr(std::string{name} + " is not supported"));
  }
}

TEST(SecuritySettings, WhatProtectsLessThanItSeemsIsWarnedOf) {
  const auto warnings = [](const ClientSettings& settings) {
    return security_warnings(understood(settings));
  };
  ClientSettings plain{{"security.protocol", "SASL_SSL"},
                       {"sasl.mechanism", "PLAIN"},
                       {"sasl.username", "u"},
                       {"sasl.password", "p"}};

  EXPECT_THAT(warnings({}), IsEmpty());
  EXPECT_THAT(warnings({{"security.protocol", "SSL"}}), IsEmpty());
  EXPECT_THAT(warnings(plain), IsEmpty());
  plain["security.protocol"] = "SASL_PLAINTEXT";
  EXPECT_THAT(warnings(plain), ElementsAre(HasSubstr("SASL_PLAINTEXT")));
  EXPECT_THAT(
      warnings({{"security.protocol", "SSL"}, {"ssl.endpoint.identification.algorithm", "none"}}),
      ElementsAre(HasSubstr("ssl.endpoint.identification.algorithm")));
  EXPECT_THAT(
      warnings({{"security.protocol", "SSL"}, {"enable.ssl.certificate.verification", "false"}}),
      ElementsAre(HasSubstr("enable.ssl.certificate.verification")));
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
