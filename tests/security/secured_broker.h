#pragma once

#include "moldau/kafka/clients.h"

#include <fstream>
#include <stdexcept>
#include <string>

namespace moldau {

// The broker of tests/broker/secured that ctest has started, as clients reach it. Tests that use it
// have the property FIXTURES_REQUIRED secured_broker.

inline std::string secured_broker_line(const std::string& file) {
  const std::string path = MOLDAU_SECURED_BROKER_DIR "/" + file;
  std::ifstream in{path};
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    throw std::runtime_error("no secured broker: run the test by ctest, which starts one (" + path +
                             " cannot be read)");
  }
  return line;
}

// A certificate or key of it: ca.pem, client.pem, client.key, stranger.pem.
inline std::string secured_broker_file(const std::string& name) {
  return MOLDAU_SECURED_BROKER_DIR "/tls/" + name;
}

// Where everything is allowed.
inline kafka::ClientSettings unprotected() {
  return {{"bootstrap.servers", secured_broker_line("bootstrap")}};
}

inline kafka::ClientSettings over_tls() {
  return {{"bootstrap.servers", secured_broker_line("bootstrap.TLS")},
          {"security.protocol", "SSL"},
          {"ssl.ca.location", secured_broker_file("ca.pem")}};
}

// With the certificate of the user `app`.
inline kafka::ClientSettings over_mutual_tls() {
  kafka::ClientSettings settings = over_tls();
  settings["bootstrap.servers"] = secured_broker_line("bootstrap.MTLS");
  settings["ssl.certificate.location"] = secured_broker_file("client.pem");
  settings["ssl.key.location"] = secured_broker_file("client.key");
  return settings;
}

// SASL over TLS. `listener`: SASL, or SHORT, whose sessions end after five seconds.
inline kafka::ClientSettings over_sasl(const std::string& mechanism,
                                       const std::string& listener = "SASL") {
  kafka::ClientSettings settings = over_tls();
  settings["bootstrap.servers"] = secured_broker_line("bootstrap." + listener);
  settings["security.protocol"] = "SASL_SSL";
  settings["sasl.mechanisms"] = mechanism;
  settings["sasl.username"] = "app";
  settings["sasl.password"] = "app-password";
  return settings;
}

// As anybody: the broker believes every token.
inline kafka::ClientSettings as_bearer(const std::string& principal,
                                       const std::string& listener = "SASL") {
  kafka::ClientSettings settings = over_tls();
  settings["bootstrap.servers"] = secured_broker_line("bootstrap." + listener);
  settings["security.protocol"] = "SASL_SSL";
  settings["sasl.mechanisms"] = "OAUTHBEARER";
  settings["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
  settings["sasl.oauthbearer.config"] = "principal=" + principal;
  return settings;
}

}  // namespace moldau
