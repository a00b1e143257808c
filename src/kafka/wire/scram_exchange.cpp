#include "kafka/wire/scram_exchange.h"

#include "moldau/base/error.h"

#include <absl/strings/escaping.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

// `n,,`, no channel binding, in base64.
constexpr std::string_view binding = "c=biws";

// Debian's absl has a string_view of its own.
absl::string_view to_absl(std::string_view text) { return {text.data(), text.size()}; }

std::string to_base64(std::string_view bytes) { return absl::Base64Escape(to_absl(bytes)); }

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  if (!absl::Base64Unescape(to_absl(text), &bytes)) return std::nullopt;
  return bytes;
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string escaped(std::string_view username) {
  std::string name;
  for (const char c : username) {
    if (c == '=') {
      name += "=3D";
    } else if (c == ',') {
      name += "=2C";
    } else {
      name += c;
    }
  }
  return name;
}

// The value of the attribute `letter`, which must stand at the front of `text`; it is taken off.
std::optional<std::string_view> take_attribute(std::string_view& text, char letter) {
  if (text.size() < 2 || text[0] != letter || text[1] != '=') return std::nullopt;
  const std::size_t comma = std::min(text.find(','), text.size());
  const std::string_view value = text.substr(2, comma - 2);
  text.remove_prefix(std::min(comma + 1, text.size()));
  return value;
}

Status distrust(std::string_view why) {
  return Status::permanent(ErrorCode::authentication_failed, std::string{why});
}

std::string exclusive_or(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

std::string hash_of(const EVP_MD* hash, std::string_view text) {
  std::string result(static_cast<std::size_t>(EVP_MD_get_size(hash)), '\0');
  if (EVP_Digest(text.data(), text.size(), raw(result), nullptr, hash, nullptr) != 1) {
    throw Error{"OpenSSL cannot compute a hash"};
  }
  return result;
}

std::string salted(const EVP_MD* hash, std::string_view password, std::string_view salt,
                   int iterations) {
  std::string result(static_cast<std::size_t>(EVP_MD_get_size(hash)), '\0');
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), raw(salt),
                        static_cast<int>(salt.size()), iterations, hash,
                        static_cast<int>(result.size()), raw(result)) != 1) {
    throw Error{"OpenSSL cannot derive a key"};
  }
  return result;
}

}  // namespace

ScramExchange::ScramExchange(Mechanism mechanism, std::string_view username, std::string password,
                             std::string nonce)
    : hash_(mechanism == Mechanism::scram_sha_256 ? EVP_sha256() : EVP_sha512()),
      password_(std::move(password)),
      nonce_(std::move(nonce)),
      bare_first_("n=" + escaped(username) + ",r=" + nonce_) {}

Result<std::optional<std::string>> ScramExchange::next(Bytes heard) {
  switch (std::exchange(step_, Step::over)) {
    case Step::first:
      step_ = Step::proof;
      return std::optional{"n,," + bare_first_};
    case Step::proof:
      step_ = Step::verdict;
      return prove(heard.text());
    case Step::verdict:
      return judge(heard.text());
    case Step::over:
      break;
  }
  return distrust("the broker goes on after the end");
}

Result<std::optional<std::string>> ScramExchange::prove(std::string_view challenge) {
  std::string_view rest = challenge;
  const auto nonce = take_attribute(rest, 'r');
  const auto salt_text = take_attribute(rest, 's');
  const auto iterations_text = take_attribute(rest, 'i');
  const auto salt = salt_text ? from_base64(*salt_text) : std::nullopt;
  if (!nonce || !salt || salt->empty() || !iterations_text) {
    return distrust("the broker's first message is none of SCRAM");
  }
  // Else somebody could repeat what another client was told.
  if (!nonce->starts_with(nonce_) || nonce->size() == nonce_.size()) {
    return distrust("the broker's first message answers another client");
  }
  int iterations = 0;
  const char* end = iterations_text->data() + iterations_text->size();
  const auto [stop, error] = std::from_chars(iterations_text->data(), end, iterations);
  if (error != std::errc{} || stop != end || iterations < fewest_iterations ||
      iterations > most_iterations) {
    return distrust("the broker asks for a number of iterations that is not between " +
                    std::to_string(fewest_iterations) + " and " + std::to_string(most_iterations));
  }

  const std::string without_proof = std::string{binding} + ",r=" + std::string{*nonce};
  const std::string all = bare_first_ + "," + std::string{challenge} + "," + without_proof;
  const std::string key = salted(hash_, password_, *salt, iterations);
  const std::string client_key = hmac(key, "Client Key");
  const std::string signature = hmac(hash_of(hash_, client_key), all);
  expected_signature_ = hmac(hmac(key, "Server Key"), all);
  return std::optional{without_proof + ",p=" + to_base64(exclusive_or(client_key, signature))};
}

Result<std::optional<std::string>> ScramExchange::judge(std::string_view verdict) {
  std::string_view rest = verdict;
  if (take_attribute(rest, 'e')) return distrust("the broker does not accept name and password");
  rest = verdict;
  const auto text = take_attribute(rest, 'v');
  const auto signature = text ? from_base64(*text) : std::nullopt;
  if (!signature || signature->size() != expected_signature_.size() ||
      CRYPTO_memcmp(signature->data(), expected_signature_.data(), signature->size()) != 0) {
    return distrust("the broker does not know the password: it may be somebody else");
  }
  return std::optional<std::string>{};
}

std::string ScramExchange::hmac(std::string_view key, std::string_view text) const {
  std::string result(static_cast<std::size_t>(EVP_MD_get_size(hash_)), '\0');
  if (HMAC(hash_, key.data(), static_cast<int>(key.size()), raw(text), text.size(), raw(result),
           nullptr) == nullptr) {
    throw Error{"OpenSSL cannot compute an HMAC"};
  }
  return result;
}

std::string random_scram_nonce() {
  std::array<unsigned char, 24> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw Error{"OpenSSL has no random numbers"};
  }
  return to_base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace moldau::inline v0::kafka::wire
