#pragma once

#include "moldau/base/status.h"

#include "kafka/wire/security_settings.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace moldau::inline v0::kafka::wire {

struct SslDeleter {
  void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, SslDeleter>;

// What all TLS connections of the same settings have in common: the certificates to trust, our own,
// TLS 1.2 at least. Immutable; any thread.
class TlsContext {
 public:
  // Reads the files that the settings name. ErrorCode::invalid_request, not retriable, names the
  // setting that cannot be used and why.
  [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> make(const TlsSettings& settings);

  // A connection that will check, unless that is switched off, that the peer is `host`, a name or
  // an address. nullptr if OpenSSL has no memory left.
  [[nodiscard]] SslPtr connect_to(const std::string& host) const;

 private:
  struct ContextDeleter {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  };
  TlsContext(const TlsSettings& settings, SSL_CTX* context)
      : context_(context),
        checks_host_name_(settings.checks_certificate && settings.checks_host_name) {}

  const std::unique_ptr<SSL_CTX, ContextDeleter> context_;
  const bool checks_host_name_;
};

// What OpenSSL last complained about on this thread, without the codes; its list is empty after.
[[nodiscard]] std::string take_openssl_error();

}  // namespace moldau::inline v0::kafka::wire
