#include "kafka/wire/security_settings.h"

#include "kafka/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

// librdkafka does not mind the case of the values it knows.
std::string in_lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return lower;
}

Status not_to_be_had(std::string message) {
  return Status::permanent(ErrorCode::invalid_request, std::move(message));
}

Status unexpected(std::string_view setting, std::string_view value, std::string_view expected) {
  return not_to_be_had(std::string{setting} + " is " + shown(setting, value) + ": " +
                       std::string{expected} + " was expected");
}

std::string given(const ClientSettings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string{} : found->second;
}

// Settings of librdkafka that would make its connections another than ours.
constexpr std::array not_spoken{
    std::pair{"ssl.keystore.location",
              "give certificate and key in PEM: ssl.certificate.location, ssl.key.location"},
    std::pair{"ssl.engine.location", "engines of OpenSSL are not supported"},
    std::pair{"ssl.providers", "choose OpenSSL's providers in its own configuration file"},
    std::pair{"sasl.kerberos.principal", "Kerberos (GSSAPI) is not supported"},
    std::pair{"sasl.oauthbearer.token.endpoint.url",
              "fetch tokens in your own code: set Config::oauthbearer_tokens"},
};

Result<bool> boolean(const ClientSettings& settings, const std::string& name, bool fallback) {
  const std::string value = in_lower_case(given(settings, name));
  if (value.empty()) return fallback;
  if (value == "true" || value == "t" || value == "1") return true;
  if (value == "false" || value == "f" || value == "0") return false;
  return unexpected(name, value, "true or false");
}

Result<TlsSettings> tls_settings(const ClientSettings& settings) {
  TlsSettings tls{.ca_location = given(settings, "ssl.ca.location"),
                  .ca_pem = given(settings, "ssl.ca.pem"),
                  .certificate_location = given(settings, "ssl.certificate.location"),
                  .certificate_pem = given(settings, "ssl.certificate.pem"),
                  .key_location = given(settings, "ssl.key.location"),
                  .key_pem = given(settings, "ssl.key.pem"),
                  .key_password = given(settings, "ssl.key.password"),
                  .crl_location = given(settings, "ssl.crl.location"),
                  .cipher_suites = given(settings, "ssl.cipher.suites"),
                  .curves = given(settings, "ssl.curves.list"),
                  .signature_algorithms = given(settings, "ssl.sigalgs.list")};
  const bool has_certificate = !tls.certificate_location.empty() || !tls.certificate_pem.empty();
  const bool has_key = !tls.key_location.empty() || !tls.key_pem.empty();
  if (has_certificate != has_key) {
    return not_to_be_had(has_key ? "ssl.key.location is set without ssl.certificate.location"
                                 : "ssl.certificate.location is set without ssl.key.location");
  }
  // librdkafka's word for the system's certificates.
  if (tls.ca_location == "probe") tls.ca_location.clear();
  const Result<bool> checks = boolean(settings, "enable.ssl.certificate.verification", true);
  if (!checks) return checks.error();
  tls.checks_certificate = *checks;
  const std::string identification =
      in_lower_case(given(settings, "ssl.endpoint.identification.algorithm"));
  if (identification == "none") {
    tls.checks_host_name = false;
  } else if (!identification.empty() && identification != "https") {
    return unexpected("ssl.endpoint.identification.algorithm", identification, "https or none");
  }
  return tls;
}

Result<Mechanism> mechanism(const ClientSettings& settings) {
  std::string chosen = given(settings, "sasl.mechanisms");
  if (chosen.empty()) chosen = given(settings, "sasl.mechanism");
  for (const Mechanism each : {Mechanism::plain, Mechanism::scram_sha_256, Mechanism::scram_sha_512,
                               Mechanism::oauthbearer}) {
    if (chosen == name(each)) return each;
  }
  constexpr std::string_view expected = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER";
  if (chosen.empty()) return not_to_be_had("sasl.mechanism is missing: " + std::string{expected});
  return unexpected("sasl.mechanism", chosen, expected);
}

Result<SaslSettings> sasl_settings(const ClientSettings& settings,
                                   const OAuthBearerTokenProvider& tokens) {
  const Result<Mechanism> chosen = mechanism(settings);
  if (!chosen) return chosen.error();
  SaslSettings sasl{.mechanism = *chosen,
                    .username = given(settings, "sasl.username"),
                    .password = given(settings, "sasl.password"),
                    .tokens = tokens};
  if (sasl.mechanism != Mechanism::oauthbearer) {
    if (!sasl.username.empty() && !sasl.password.empty()) return sasl;
    return not_to_be_had(name(*chosen) + " needs sasl.username and sasl.password");
  }
  const Result<bool> unsecured = boolean(settings, "enable.sasl.oauthbearer.unsecure.jwt", false);
  if (!unsecured) return unsecured.error();
  if (*unsecured) sasl.unsecured = given(settings, "sasl.oauthbearer.config");
  if (*unsecured && tokens) {
    return not_to_be_had(
        "enable.sasl.oauthbearer.unsecure.jwt and Config::oauthbearer_tokens exclude "
        "each other");
  }
  if (*unsecured || tokens) return sasl;
  return not_to_be_had("OAUTHBEARER needs tokens: set Config::oauthbearer_tokens");
}

}  // namespace

std::string name(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::plain:
      return "PLAIN";
    case Mechanism::scram_sha_256:
      return "SCRAM-SHA-256";
    case Mechanism::scram_sha_512:
      return "SCRAM-SHA-512";
    case Mechanism::oauthbearer:
      return "OAUTHBEARER";
  }
  return {};
}

Result<SecuritySettings> security_settings(const ClientSettings& settings,
                                           const OAuthBearerTokenProvider& tokens) {
  for (const auto& [setting, why] : not_spoken) {
    if (!given(settings, setting).empty()) {
      return not_to_be_had(std::string{setting} + " is not supported: " + why);
    }
  }
  const std::string protocol = in_lower_case(given(settings, "security.protocol"));
  const bool sasl_ssl = protocol == "sasl_ssl";
  const bool sasl_plaintext = protocol == "sasl_plaintext";
  if (!protocol.empty() && protocol != "plaintext" && protocol != "ssl" && !sasl_ssl &&
      !sasl_plaintext) {
    return unexpected("security.protocol", given(settings, "security.protocol"),
                      "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL");
  }
  SecuritySettings security;
  if (protocol == "ssl" || sasl_ssl) {
    Result<TlsSettings> tls = tls_settings(settings);
    if (!tls) return tls.error();
    security.tls = *std::move(tls);
  }
  if (sasl_ssl || sasl_plaintext) {
    Result<SaslSettings> sasl = sasl_settings(settings, tokens);
    if (!sasl) return sasl.error();
    security.sasl = *std::move(sasl);
  }
  return security;
}

std::vector<std::string> security_warnings(const SecuritySettings& settings) {
  std::vector<std::string> warnings;
  if (settings.tls && !settings.tls->checks_certificate) {
    warnings.emplace_back(
        "enable.ssl.certificate.verification is false: anybody on the way can pretend to be a "
        "broker and read everything");
  } else if (settings.tls && !settings.tls->checks_host_name) {
    warnings.emplace_back(
        "ssl.endpoint.identification.algorithm is none: whoever has any certificate of the CA can "
        "pretend to be a broker");
  }
  if (!settings.sasl) return warnings;
  if (!settings.tls) {
    const bool readable = settings.sasl->mechanism == Mechanism::plain ||
                          settings.sasl->mechanism == Mechanism::oauthbearer;
    warnings.push_back("security.protocol is SASL_PLAINTEXT: " +
                       std::string{readable ? "credentials and data" : "data"} +
                       " can be read by everybody on the way; use SASL_SSL");
  }
  if (settings.sasl->unsecured) {
    warnings.emplace_back(
        "enable.sasl.oauthbearer.unsecure.jwt is true: tokens that nobody has signed prove "
        "nothing; for tests only");
  }
  return warnings;
}

}  // namespace moldau::inline v0::kafka::wire
