#include "kafka/wire/unsecured_token.h"

#include <absl/strings/escaping.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace moldau::inline v0::kafka::wire {

namespace {

constexpr std::string_view extension_prefix = "extension_";

Status unreadable(std::string why) {
  return Status::permanent(ErrorCode::invalid_request, "sasl.oauthbearer.config " + std::move(why));
}

std::string base64url(const nlohmann::json& json) {
  const std::string text = json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return absl::WebSafeBase64Escape(absl::string_view{text.data(), text.size()});
}

using Words = std::map<std::string, std::string, std::less<>>;

// nullopt if a word has no value.
std::optional<Words> words_of(std::string_view config) {
  Words words;
  while (true) {
    config.remove_prefix(std::min(config.find_first_not_of(' '), config.size()));
    if (config.empty()) return words;
    const std::string_view word = config.substr(0, config.find(' '));
    config.remove_prefix(word.size());
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0) return std::nullopt;
    words.insert_or_assign(std::string{word.substr(0, equals)},
                           std::string{word.substr(equals + 1)});
  }
}

std::string take(Words& words, std::string_view name, std::string fallback = {}) {
  const auto found = words.find(name);
  if (found == words.end()) return fallback;
  std::string value = std::move(found->second);
  words.erase(found);
  return value;
}

nlohmann::json list_of(std::string_view text) {
  nlohmann::json list = nlohmann::json::array();
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    list.push_back(std::string{text.substr(0, comma)});
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return list;
}

}  // namespace

Result<OAuthBearerToken> unsecured_token(std::string_view config, Timestamp now) {
  std::optional<Words> words = words_of(config);
  if (!words) return unreadable("cannot be read: name=value, divided by blanks, was expected");
  const std::string principal = take(*words, "principal");
  const std::string principal_claim = take(*words, "principalClaimName", "sub");
  const std::string scope = take(*words, "scope");
  const std::string scope_claim = take(*words, "scopeClaimName", "scope");
  const std::string life = take(*words, "lifeSeconds", "3600");
  if (principal.empty()) return unreadable("names no principal");
  std::int32_t seconds = 0;
  const auto [stop, error] = std::from_chars(life.data(), life.data() + life.size(), seconds);
  if (error != std::errc{} || stop != life.data() + life.size() || seconds < 1) {
    return unreadable("has a lifeSeconds that is no number of seconds");
  }
  OAuthBearerToken token{
      .value = {}, .expires_at = now + std::chrono::seconds{seconds}, .principal = principal};
  for (auto& [name, value] : *words) {
    if (!name.starts_with(extension_prefix)) return unreadable("has an unknown name: " + name);
    token.extensions.emplace(name.substr(extension_prefix.size()), std::move(value));
  }
  constexpr double milliseconds = 1000.0;
  nlohmann::json claims{
      {principal_claim, principal},
      {"iat", static_cast<double>(now.milliseconds()) / milliseconds},
      {"exp", static_cast<double>(token.expires_at.milliseconds()) / milliseconds}};
  if (!scope.empty()) claims[scope_claim] = list_of(scope);
  // Nothing behind the second dot: there is no signature.
  token.value = base64url({{"alg", "none"}}) + "." + base64url(claims) + ".";
  return token;
}

}  // namespace moldau::inline v0::kafka::wire
