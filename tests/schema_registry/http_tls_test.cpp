// A registry behind https: whom the client trusts, and what it shows of itself.

#include "certificate_authority.h"
#include "schema_registry/http_client.h"
#include "schema_registry/registry_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace moldau {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class HttpsRegistry : public ::testing::Test {
 protected:
  [[nodiscard]] static SchemaRegistryOptions trusting(const CertificateAuthority& authority) {
    SchemaRegistryOptions options = quick();
    options.ca_file = authority.certificate_file();
    options.user = "me";
    options.password = "secret";
    return options;
  }
  [[nodiscard]] SchemaRegistryOptions showing(
      const CertificateAuthority::Identity& identity) const {
    SchemaRegistryOptions options = trusting(authority_);
    options.certificate_file = identity.certificate_file;
    options.key_file = identity.key_file;
    return options;
  }

  CertificateAuthority authority_;
  CertificateAuthority::Identity here_ = authority_.issue("IP:127.0.0.1");
};

TEST_F(HttpsRegistry, IsTrustedIfAGivenAuthoritySignedItsCertificate) {
  RegistryServer server{{here_.certificate_file, here_.key_file}};

  EXPECT_EQ(failure_to_write(client_of(server, trusting(authority_))), "nothing thrown");
  EXPECT_THAT(server.requests(), ElementsAre("POST /subjects/orders-value/versions"));
  EXPECT_EQ(server.header("Authorization"), "Basic bWU6c2VjcmV0");
}

TEST_F(HttpsRegistry, IsSentNothingIfAnotherAuthoritySignedItsCertificate) {
  const CertificateAuthority other;
  RegistryServer server{{here_.certificate_file, here_.key_file}};

  EXPECT_THAT(failure_to_write(client_of(server, trusting(other))),
              AllOf(HasSubstr(server.url()), HasSubstr("not trusted"), HasSubstr("ca_file"),
                    Not(HasSubstr("secret"))));
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST_F(HttpsRegistry, IsSentNothingIfTheMachineDoesNotTrustIt) {
  RegistryServer server{{here_.certificate_file, here_.key_file}};

  EXPECT_THAT(failure_to_write(client_of(server)), HasSubstr("not trusted"));
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST_F(HttpsRegistry, IsSentNothingIfItsCertificateIsOfAnotherHost) {
  const auto elsewhere = authority_.issue("DNS:registry.example");
  RegistryServer server{{elsewhere.certificate_file, elsewhere.key_file}};

  EXPECT_THAT(failure_to_write(client_of(server, trusting(authority_))),
              HasSubstr("for another host"));
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST_F(HttpsRegistry, MayAskForACertificate) {
  const auto us = authority_.issue("DNS:us.example");
  RegistryServer server{{here_.certificate_file, here_.key_file, authority_.certificate_file()}};

  EXPECT_EQ(failure_to_write(client_of(server, showing(us))), "nothing thrown");
  EXPECT_THAT(failure_to_write(client_of(server, trusting(authority_))),
              HasSubstr("certificate_file"));
}

TEST_F(HttpsRegistry, IsNotWhatSpeaksPlainHttp) {
  RegistryServer server;
  const auto registry = make_schema_registry({"https://127.0.0.1:" + std::to_string(server.port())},
                                             trusting(authority_));

  EXPECT_THAT(failure_to_write(registry), HasSubstr("no TLS connection"));
}

TEST_F(HttpsRegistry, FilesThatCannotBeUsedAreErrorsOfTheOptions) {
  const std::string missing = (std::filesystem::temp_directory_path() / "no-such.pem").string();
  SchemaRegistryOptions options =
      showing({here_.certificate_file, authority_.encrypted_key(here_)});
  options.ca_file = missing;

  EXPECT_THAT(failure_of<ConfigError>(
                  [&] { static_cast<void>(make_schema_registry({"https://host"}, options)); }),
              AllOf(HasSubstr("ca_file"), HasSubstr(missing), HasSubstr("key_file"),
                    HasSubstr("pass phrase"), Not(HasSubstr("certificate_file"))));
}

}  // namespace
}  // namespace moldau
