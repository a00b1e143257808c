#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"
#include "moldau/kafka/oauthbearer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the client settings, which have librdkafka's names, ask of our own connections, so that both
// reach the brokers in the same way.
namespace moldau::inline v0::kafka::wire {

struct TlsSettings {
  std::string ca_location = {};  // a file or folder of PEM; without it and ca_pem: the system's
  std::string ca_pem = {};
  std::string certificate_location = {};  // ours, followed by its chain; empty: none is shown
  std::string certificate_pem = {};
  std::string key_location = {};
  std::string key_pem = {};
  std::string key_password = {};
  std::string crl_location = {};
  // In OpenSSL's notation; empty: OpenSSL's defaults.
  std::string cipher_suites = {};
  std::string curves = {};
  std::string signature_algorithms = {};
  bool checks_certificate = true;
  bool checks_host_name = true;
};

enum class Mechanism : std::uint8_t { plain, scram_sha_256, scram_sha_512, oauthbearer };

struct SaslSettings {
  Mechanism mechanism = Mechanism::plain;
  std::string username = {};
  std::string password = {};
  // OAUTHBEARER: a provider, or `unsecured`, how to make a token that nobody has signed.
  OAuthBearerTokenProvider tokens = {};
  std::optional<std::string> unsecured = {};
};

struct SecuritySettings {
  std::optional<TlsSettings> tls = {};
  std::optional<SaslSettings> sasl = {};
};

// `tokens` may be empty. What cannot be had is ErrorCode::invalid_request, not retriable, naming
// the setting and what to do. No file is looked at.
[[nodiscard]] Result<SecuritySettings> security_settings(const ClientSettings& settings,
                                                         const OAuthBearerTokenProvider& tokens);

// What an operator should know about settings that can be had: checks that are switched off,
// passwords that everybody on the way can read.
[[nodiscard]] std::vector<std::string> security_warnings(const SecuritySettings& settings);

// `SCRAM-SHA-256`: what the protocol calls it.
[[nodiscard]] std::string name(Mechanism mechanism);

}  // namespace moldau::inline v0::kafka::wire
