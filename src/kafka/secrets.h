#pragma once

#include "moldau/kafka/clients.h"

#include <string>
#include <string_view>
#include <vector>

// Which settings are secrets, and what is shown instead of them. Whatever leaves the library as
// text (log lines, errors, descriptions) goes by these.
namespace moldau::inline v0::kafka {

// True for settings whose value must not be shown: passwords, keys, tokens. A file's path is none.
[[nodiscard]] bool is_secret(std::string_view name) noexcept;

// A setting for which no client asks: names of others, separated by commas, that are secrets though
// their names do not say so.
inline constexpr std::string_view secret_settings = "secret.settings";

// The same, those that `settings` names included.
[[nodiscard]] bool is_secret(std::string_view name, const ClientSettings& settings);

// `value` as it may be shown: in quotes, or, of a secret, that it is not shown.
[[nodiscard]] std::string shown(std::string_view name, std::string_view value);

// Takes the secrets of some settings out of texts that others have written. Secrets of fewer than
// four characters stay: they would be found in ordinary words. Immutable; any thread.
class SecretValues {
 public:
  SecretValues() = default;
  explicit SecretValues(const ClientSettings& settings);

  [[nodiscard]] std::string hide(std::string_view text) const;

 private:
  std::vector<std::string> values_;  // the longest first: one may contain another
};

}  // namespace moldau::inline v0::kafka
