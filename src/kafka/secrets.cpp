#include "kafka/secrets.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>

namespace moldau::inline v0::kafka {

namespace {

constexpr std::string_view hidden = "(not shown)";
constexpr std::size_t shortest = 4;

// Set with names that look like a secret's.
bool is_a_switch(std::string_view value) { return value == "true" || value == "false"; }

}  // namespace

bool is_secret(std::string_view name) noexcept {
  constexpr std::array parts{"password", "secret", "jaas", ".pem", "ssl.key", "oauthbearer"};
  return !name.ends_with(".location") && std::ranges::any_of(parts, [name](const char* part) {
    return name.find(part) != std::string_view::npos;
  });
}

bool is_secret(std::string_view name, const ClientSettings& settings) {
  if (is_secret(name)) return true;
  const auto marked = settings.find(std::string{secret_settings});
  if (marked == settings.end()) return false;
  for (std::string_view rest = marked->second; !rest.empty();) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    one = one.substr(0, one.find_last_not_of(' ') + 1);
    if (one == name) return true;
  }
  return false;
}

std::string shown(std::string_view name, std::string_view value) {
  if (is_secret(name)) return std::string{hidden};
  return "\"" + std::string{value} + "\"";
}

SecretValues::SecretValues(const ClientSettings& settings) {
  for (const auto& [name, value] : settings) {
    if (name == secret_settings) continue;  // names only
    if (is_secret(name, settings) && value.size() >= shortest && !is_a_switch(value)) {
      values_.push_back(value);
    }
  }
  std::ranges::sort(values_, std::ranges::greater{}, &std::string::size);
}

std::string SecretValues::hide(std::string_view text) const {
  std::string result{text};
  for (const std::string& value : values_) {
    for (std::size_t at = 0; (at = result.find(value, at)) != std::string::npos;) {
      result.replace(at, value.size(), hidden);
      at += hidden.size();
    }
  }
  return result;
}

}  // namespace moldau::inline v0::kafka
