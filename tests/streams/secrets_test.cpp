// No secret leaves the library: a canary in each of them, whatever becomes of the application, and
// all that it says is searched.

#include "moldau/moldau.h"

#include "base/temporary_folder.h"
#include "eventually.h"
#include "streams/client_settings.h"
#include "whole_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* canary = "canary-canary";

const std::vector<std::string> secret_keys{
    "sasl.password",
    "ssl.key.password",
    "ssl.key.pem",
    "ssl.certificate.pem",
    "ssl.ca.pem",
    "ssl.keystore.key",
    "ssl.keystore.password",
    "ssl.truststore.password",
    "ssl.truststore.certificates",
    "sasl.jaas.config",
    "sasl.oauthbearer.config",
    "enable.sasl.oauthbearer.unsecure.jwt",
    "consumer.sasl.password",
    "producer.ssl.key.pem",
    "consumer.fetch.password",
    "sasl.oauthbearer.secret",
};

Topology forwarding() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("out");
  return builder.build();
}

// Everything that an application with these settings says, until it has failed to reach a broker.
std::string told_by(const std::vector<std::pair<std::string, std::string>>& settings) {
  const TemporaryFolder folder;
  const auto log = std::make_shared<WholeLog>();
  std::string told;
  try {
    Config config{.application_id = "secrets", .bootstrap_servers = "127.0.0.1:1"};
    config.state_dir = folder.path();
    config.logger = log;
    config.set("consumer.debug", "all");
    for (const auto& [key, value] : settings) config.set(key, value);
    for (const std::string& problem : config.problems()) told += problem + "\n";
    Streams streams{forwarding(), config};
    streams.start();
    EXPECT_TRUE(eventually(20s, [&] {
      return streams.state() == StreamsState::error ||
             log->text().find("refused") != std::string::npos;
    }));
    streams.close(5s);
    told += streams.error() + "\n";
  } catch (const Error& error) {
    told += std::string{error.what()} + "\n";
  }
  return told + log->text();
}

TEST(ASecret, IsNeverShown) {
  for (const std::string& key : secret_keys) {
    const bool of_tokens = key.find("oauthbearer") != std::string::npos;
    for (const char* mechanism : {"", of_tokens ? "OAUTHBEARER" : "PLAIN"}) {
      const std::string told =
          told_by({{"security.protocol", *mechanism != '\0' ? "SASL_SSL" : "SSL"},
                   {"sasl.mechanism", *mechanism != '\0' ? mechanism : "PLAIN"},
                   {"sasl.username", "somebody"},
                   {"sasl.password", "other-password"},
                   {key, canary}});

      EXPECT_THAT(told, Not(HasSubstr(canary))) << key << " " << mechanism;
      EXPECT_THAT(told, Not(HasSubstr("other-password"))) << key << " " << mechanism;
    }
  }
}

}  // namespace
}  // namespace moldau
