#include "kafka/wire/tls_stream.h"

#include "kafka/wire/endpoint_text.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t largest_write = std::size_t{256} * 1024;
constexpr std::size_t read_size = std::size_t{16} * 1024;

// An alert of the peer that says who we are is not accepted.
bool refuses_us(int reason) {
  constexpr int alerts = SSL_AD_REASON_OFFSET;
  switch (reason - alerts) {
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_NO_CERTIFICATE:
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
    case SSL_AD_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

std::string_view remedy(long verdict) {
  switch (verdict) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "it was issued for another name: use a name that it holds in bootstrap.servers and in "
             "the broker's advertised.listeners";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "renew it, or correct the clock of this machine";
    case X509_V_ERR_CERT_REVOKED:
      return "ssl.crl.location lists it";
    default:
      return "ssl.ca.location must hold the CA that signed it";
  }
}

class TlsStream final : public ByteStream {
 public:
  TlsStream(std::unique_ptr<ByteStream> beneath, std::shared_ptr<const TlsContext> context,
            const Clock& clock)
      : beneath_(std::move(beneath)), context_(std::move(context)), clock_(clock) {}

  Status open(const Endpoint& to, milliseconds timeout) override;
  void close() override;
  [[nodiscard]] bool is_open() const override { return ssl_ != nullptr && beneath_->is_open(); }
  Status write(Bytes bytes, milliseconds timeout) override;
  Result<std::size_t> read(std::byte* to, std::size_t size, milliseconds timeout) override;
  void wake() override { beneath_->wake(); }

 private:
  Status begin();
  Status handshake(Clock::Steady deadline);
  // Sends what OpenSSL has written.
  Status flush(Clock::Steady deadline);
  // Gives OpenSSL what has come; false if nothing came in time, or wake() was called.
  Result<bool> fill(Clock::Steady deadline);
  Status handshake_failed();
  Status broken(int reason, const std::string& doing);
  Status fail(const Status& status) {
    close();
    return status;
  }
  [[nodiscard]] milliseconds until(Clock::Steady deadline) const {
    const auto left = std::chrono::ceil<milliseconds>(deadline - clock_.steady());
    return std::max(left, milliseconds{0});
  }

  const std::unique_ptr<ByteStream> beneath_;
  const std::shared_ptr<const TlsContext> context_;  // shared by the connections of one setting
  const Clock& clock_;
  Endpoint to_;
  SslPtr ssl_;
  BIO* received_ = nullptr;  // these two are part of ssl_
  BIO* to_send_ = nullptr;
  ByteBuffer piece_;  // on its way to the stream beneath; kept for its memory
};

Status TlsStream::open(const Endpoint& to, milliseconds timeout) {
  close();
  to_ = to;
  const Clock::Steady deadline = clock_.steady() + timeout;
  if (Status status = beneath_->open(to, timeout); !status) return status;
  if (Status status = begin(); !status) return fail(status);
  return handshake(deadline);
}

void TlsStream::close() {
  // Without the goodbye of TLS: frames have their lengths, so nothing can be cut off unnoticed.
  ssl_.reset();
  beneath_->close();
}

Status TlsStream::begin() {
  ssl_ = context_->connect_to(to_.host);
  BIO* received = BIO_new(BIO_s_mem());
  BIO* to_send = BIO_new(BIO_s_mem());
  if (ssl_ == nullptr || received == nullptr || to_send == nullptr) {
    BIO_free(received);
    BIO_free(to_send);
    return Status::retriable(ErrorCode::transport, "TLS with " + to_string(to_) +
                                                       " cannot start: " + take_openssl_error());
  }
  // Nothing there yet is no end.
  BIO_set_mem_eof_return(received, -1);
  SSL_set_bio(ssl_.get(), received, to_send);
  received_ = received;
  to_send_ = to_send;
  return {};
}

Status TlsStream::handshake(Clock::Steady deadline) {
  bool woken = false;
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    const int kind = SSL_get_error(ssl_.get(), result);
    // Also what OpenSSL says about a failure.
    const Status sent = flush(deadline);
    if (result != 1 && kind != SSL_ERROR_WANT_READ) return handshake_failed();
    if (!sent) return sent;
    if (result == 1) break;
    const Result<bool> got = fill(deadline);
    if (!got) {
      return Status{got.error().code(),
                    std::string{got.error().message()} +
                        " during the TLS handshake: is this a listener with TLS?",
                    got.error().kind()};
    }
    if (*got) continue;
    // A wake must not end the handshake; the read that it was for is still to come.
    if (std::exchange(woken, true) || until(deadline) == milliseconds{0}) {
      return fail(Status::retriable(ErrorCode::transport,
                                    to_string(to_) + " did not end the TLS handshake in time"));
    }
  }
  if (woken) beneath_->wake();
  return {};
}

Status TlsStream::handshake_failed() {
  const unsigned long error = ERR_peek_error();
  const int reason = ERR_GET_REASON(error);
  const long verdict = SSL_get_verify_result(ssl_.get());
  const std::string peer = "TLS with " + to_string(to_);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    ERR_clear_error();
    return fail(Status::permanent(ErrorCode::authentication_failed,
                                  peer + ": the broker's certificate is not accepted (" +
                                      X509_verify_cert_error_string(verdict) + "); " +
                                      std::string{remedy(verdict)}));
  }
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST) {
    ERR_clear_error();
    return fail(Status::permanent(
        ErrorCode::authentication_failed,
        peer + ": the other side does not speak TLS; check the port and security.protocol"));
  }
  return broken(reason, "the handshake failed");
}

Status TlsStream::broken(int reason, const std::string& doing) {
  const std::string text =
      "TLS with " + to_string(to_) + ": " + doing + ": " + take_openssl_error();
  if (refuses_us(reason)) {
    return fail(Status::permanent(
        ErrorCode::authentication_failed,
        text + "; the broker does not accept this client: check ssl.certificate.location and "
               "ssl.key.location, and ssl.truststore.location at the broker"));
  }
  return fail(Status::retriable(ErrorCode::transport, text));
}

Status TlsStream::flush(Clock::Steady deadline) {
  const std::size_t pending = BIO_ctrl_pending(to_send_);
  if (pending == 0) return {};
  piece_.resize(pending);
  const int taken = BIO_read(to_send_, piece_.data(), static_cast<int>(pending));
  piece_.resize(static_cast<std::size_t>(std::max(taken, 0)));
  return beneath_->write(piece_, until(deadline));
}

Result<bool> TlsStream::fill(Clock::Steady deadline) {
  std::array<std::byte, read_size> bytes;
  const Result<std::size_t> got = beneath_->read(bytes.data(), bytes.size(), until(deadline));
  if (!got) return got.error();
  if (*got == 0) return false;
  BIO_write(received_, bytes.data(), static_cast<int>(*got));
  return true;
}

Status TlsStream::write(Bytes bytes, milliseconds timeout) {
  if (!is_open()) {
    return fail(Status::retriable(ErrorCode::transport,
                                  "the connection to " + to_string(to_) + " is closed"));
  }
  const Clock::Steady deadline = clock_.steady() + timeout;
  while (!bytes.empty()) {
    ERR_clear_error();
    const std::size_t size = std::min(bytes.size(), largest_write);
    if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(size)) <= 0) {
      return broken(ERR_GET_REASON(ERR_peek_error()), "sending failed");
    }
    if (Status sent = flush(deadline); !sent) return sent;
    bytes = bytes.without_first(size);
  }
  return {};
}

Result<std::size_t> TlsStream::read(std::byte* to, std::size_t size, milliseconds timeout) {
  if (!is_open()) {
    return fail(Status::retriable(ErrorCode::transport,
                                  "the connection to " + to_string(to_) + " is closed"));
  }
  const Clock::Steady deadline = clock_.steady() + timeout;
  for (;;) {
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), to, size, &got);
    if (result == 1) return got;
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        break;
      case SSL_ERROR_ZERO_RETURN:
        return fail(
            Status::retriable(ErrorCode::transport, to_string(to_) + " closed the connection"));
      default:
        return broken(ERR_GET_REASON(ERR_peek_error()), "receiving failed");
    }
    // TLS may have to answer something itself, new keys for example.
    if (Status sent = flush(deadline); !sent) return sent;
    const Result<bool> filled = fill(deadline);
    if (!filled) return filled.error();
    if (!*filled) return std::size_t{0};
  }
}

}  // namespace

std::unique_ptr<ByteStream> make_tls_stream(std::unique_ptr<ByteStream> beneath,
                                            std::shared_ptr<const TlsContext> context,
                                            const Clock& clock) {
  return std::make_unique<TlsStream>(std::move(beneath), std::move(context), clock);
}

}  // namespace moldau::inline v0::kafka::wire
