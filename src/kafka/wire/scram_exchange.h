#pragma once

#include "kafka/wire/sasl_exchange.h"

#include <openssl/evp.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace moldau::inline v0::kafka::wire {

// SCRAM (RFC 5802, 7677) without channel binding: the password never leaves, and the broker has to
// show that it knows it too. Names and passwords are taken as they are, without SASLprep, as Kafka
// does it.
class ScramExchange final : public SaslExchange {
 public:
  // `nonce` must never be used again. REQUIRES: mechanism is one of SCRAM.
  ScramExchange(Mechanism mechanism, std::string_view username, std::string password,
                std::string nonce);

  Result<std::optional<std::string>> next(Bytes heard) override;

  // The fewest that Kafka lets a password be stored with. More than the most is taken for an
  // attempt to keep us busy.
  static constexpr int fewest_iterations = 4096;
  static constexpr int most_iterations = 1'000'000;

 private:
  enum class Step : std::uint8_t { first, proof, verdict, over };

  Result<std::optional<std::string>> prove(std::string_view challenge);
  Result<std::optional<std::string>> judge(std::string_view verdict);
  [[nodiscard]] std::string hmac(std::string_view key, std::string_view text) const;

  const EVP_MD* const hash_;
  const std::string password_;
  const std::string nonce_;
  const std::string bare_first_;  // the first message without the part about channel binding
  std::string expected_signature_;
  Step step_ = Step::first;
};

// Throws Error if OpenSSL has no random numbers.
[[nodiscard]] std::string random_scram_nonce();

}  // namespace moldau::inline v0::kafka::wire
