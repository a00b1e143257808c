#pragma once

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"

#include "kafka_wire/loopback.h"

#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace moldau::inline v0::kafka::wire {

// The broker's end of a TLS connection, as plain and blocking as can be.
class TlsPeer {
 public:
  struct Options {
    std::string certificate_file;
    std::string key_file;
    std::string client_ca = {};  // asks for the client's certificate
    int only_version = 0;        // TLS1_2_VERSION and so on
  };

  explicit TlsPeer(const Options& options)
      : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free) {
    if (SSL_CTX_use_certificate_chain_file(context_.get(), options.certificate_file.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context_.get(), options.key_file.c_str(), SSL_FILETYPE_PEM) !=
            1) {
      throw std::runtime_error("peer: certificate");
    }
    if (!options.client_ca.empty()) {
      SSL_CTX_load_verify_file(context_.get(), options.client_ca.c_str());
      SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                         nullptr);
    }
    if (options.only_version != 0) {
      SSL_CTX_set_min_proto_version(context_.get(), options.only_version);
      SSL_CTX_set_max_proto_version(context_.get(), options.only_version);
    }
  }

  // True if the handshake has succeeded as this side sees it.
  bool accept(Listener& listener) {
    socket_ = std::make_unique<Peer>(listener.accept());
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), socket_->socket());
    return SSL_accept(ssl_.get()) == 1;
  }
  void close() { socket_->close(); }

  void send(Bytes bytes) {
    if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) {
      throw std::runtime_error("peer: send");
    }
  }
  void send_frame(Bytes frame) {
    ByteBuffer whole;
    append_big_endian(whole, static_cast<std::int32_t>(frame.size()));
    whole.append(frame);
    send(whole);
  }
  ByteBuffer receive(std::size_t size) {
    ByteBuffer bytes;
    bytes.resize(size);
    for (std::size_t at = 0; at < size;) {
      const int got = SSL_read(ssl_.get(), bytes.data() + at, static_cast<int>(size - at));
      if (got <= 0) throw std::runtime_error("peer: receive");
      at += static_cast<std::size_t>(got);
    }
    return bytes;
  }
  ByteBuffer receive_frame() { return receive(load_big_endian<std::uint32_t>(receive(4).data())); }

  // New keys: the client has to answer in the middle of what it reads.
  void update_keys() { SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED); }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::unique_ptr<Peer> socket_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
};

}  // namespace moldau::inline v0::kafka::wire
