#include "kafka/wire/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstddef>
#include <filesystem>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, Deleter<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

Status cannot_use(std::string_view setting, std::string_view what) {
  std::string message = std::string{setting} + " " + std::string{what};
  if (const std::string why = take_openssl_error(); !why.empty()) message += ": " + why;
  return Status::permanent(ErrorCode::invalid_request, std::move(message));
}

// Without one, OpenSSL would ask at the terminal.
int give_password(char* to, int size, int /*writing*/, void* password) {
  const auto& text = *static_cast<const std::string*>(password);
  if (text.size() > static_cast<std::size_t>(std::max(size, 0))) return -1;
  std::ranges::copy(text, to);
  return static_cast<int>(text.size());
}

BioPtr reading(const std::string& pem) {
  const std::size_t size = std::min<std::size_t>(pem.size(), INT_MAX);
  return BioPtr{BIO_new_mem_buf(pem.data(), static_cast<int>(size))};
}

// The end of a list of PEM blocks is an error to OpenSSL.
void forget_the_end() { ERR_clear_error(); }

Status trust_pem(SSL_CTX* context, const std::string& pem) {
  const BioPtr bio = reading(pem);
  int certificates = 0;
  while (const CertificatePtr each{PEM_read_bio_X509(bio.get(), nullptr, give_password, nullptr)}) {
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), each.get()) != 1) {
      return cannot_use("ssl.ca.pem", "cannot be used");
    }
    ++certificates;
  }
  if (certificates == 0) return cannot_use("ssl.ca.pem", "holds no certificate");
  forget_the_end();
  return {};
}

Status trust(SSL_CTX* context, const TlsSettings& settings) {
  if (!settings.ca_pem.empty()) return trust_pem(context, settings.ca_pem);
  if (settings.ca_location.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return cannot_use("ssl.ca.location", "is missing, and the system has no certificates");
  }
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(settings.ca_location, ignored);
  const char* path = settings.ca_location.c_str();
  const int loaded =
      folder ? SSL_CTX_load_verify_dir(context, path) : SSL_CTX_load_verify_file(context, path);
  if (loaded == 1) return {};
  return cannot_use("ssl.ca.location",
                    settings.ca_location + " cannot be read as certificates in PEM");
}

Status check_revocations(SSL_CTX* context, const TlsSettings& settings) {
  if (settings.crl_location.empty()) return {};
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  if (X509_STORE_load_file(store, settings.crl_location.c_str()) != 1) {
    return cannot_use("ssl.crl.location",
                      settings.crl_location + " cannot be read as revocation lists in PEM");
  }
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
  return {};
}

Status use_certificate(SSL_CTX* context, const TlsSettings& settings) {
  if (!settings.certificate_location.empty()) {
    const std::string& file = settings.certificate_location;
    if (SSL_CTX_use_certificate_chain_file(context, file.c_str()) == 1) return {};
    return cannot_use("ssl.certificate.location", file + " cannot be read as a certificate in PEM");
  }
  const BioPtr bio = reading(settings.certificate_pem);
  const CertificatePtr own{PEM_read_bio_X509(bio.get(), nullptr, give_password, nullptr)};
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) {
    return cannot_use("ssl.certificate.pem", "cannot be read as a certificate");
  }
  while (const CertificatePtr each{PEM_read_bio_X509(bio.get(), nullptr, give_password, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(context, each.get()) != 1) {
      return cannot_use("ssl.certificate.pem", "has a chain that cannot be used");
    }
  }
  forget_the_end();
  return {};
}

Status use_key(SSL_CTX* context, const TlsSettings& settings) {
  const bool from_file = !settings.key_location.empty();
  const std::string_view setting = from_file ? "ssl.key.location" : "ssl.key.pem";
  const std::string what = from_file ? settings.key_location + " cannot be read as a key in PEM"
                                     : std::string{"cannot be read as a key"};
  const BioPtr bio = from_file ? BioPtr{BIO_new_file(settings.key_location.c_str(), "r")}
                               : reading(settings.key_pem);
  if (bio == nullptr) return cannot_use(setting, what);
  std::string password = settings.key_password;
  const KeyPtr key{PEM_read_bio_PrivateKey(bio.get(), nullptr, give_password, &password)};
  if (key == nullptr) return cannot_use(setting, what + " with ssl.key.password");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return cannot_use(setting, "does not belong to ssl.certificate.location");
  }
  return {};
}

Status choose_algorithms(SSL_CTX* context, const TlsSettings& settings) {
  if (!settings.cipher_suites.empty() &&
      SSL_CTX_set_cipher_list(context, settings.cipher_suites.c_str()) != 1) {
    return cannot_use("ssl.cipher.suites", "names nothing that OpenSSL knows");
  }
  if (!settings.curves.empty() && SSL_CTX_set1_curves_list(context, settings.curves.c_str()) != 1) {
    return cannot_use("ssl.curves.list", "cannot be used");
  }
  if (!settings.signature_algorithms.empty() &&
      SSL_CTX_set1_sigalgs_list(context, settings.signature_algorithms.c_str()) != 1) {
    return cannot_use("ssl.sigalgs.list", "cannot be used");
  }
  return {};
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

bool expect(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* rules = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1;
  return X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size()) == 1;
}

}  // namespace

std::string take_openssl_error() {
  // The first one is the cause.
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  if (error == 0) return {};
  const char* reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : "error " + std::to_string(error);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::make(const TlsSettings& settings) {
  ERR_clear_error();
  // Not make_shared: the constructor is private.
  const std::shared_ptr<const TlsContext> made{
      new TlsContext{settings, SSL_CTX_new(TLS_client_method())}};
  SSL_CTX* context = made->context_.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    return cannot_use("security.protocol", "cannot be had: OpenSSL does not start");
  }
  // The callback stays, so that nothing ever asks at the terminal.
  SSL_CTX_set_default_passwd_cb(context, [](char*, int, int, void*) { return -1; });
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_verify(context, settings.checks_certificate ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                     nullptr);
  const bool shows_certificate =
      !settings.certificate_location.empty() || !settings.certificate_pem.empty();
  for (const auto& step : {trust, check_revocations, choose_algorithms}) {
    if (Status status = step(context, settings); !status) return status;
  }
  if (shows_certificate) {
    for (const auto& step : {use_certificate, use_key}) {
      if (Status status = step(context, settings); !status) return status;
    }
  }
  return made;
}

SslPtr TlsContext::connect_to(const std::string& host) const {
  SslPtr ssl{SSL_new(context_.get())};
  if (ssl == nullptr) return nullptr;
  SSL_set_connect_state(ssl.get());
  if (!is_address(host)) SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  if (checks_host_name_ && !expect(ssl.get(), host)) return nullptr;
  return ssl;
}

}  // namespace moldau::inline v0::kafka::wire
