#pragma once

#include "moldau/streams/config.h"

#include <span>
#include <string>
#include <string_view>

namespace moldau::inline v0::streams {

// One key that Config::set() takes. The table drives parsing, and docs/configuration.md is printed
// from it.
struct ConfigKey {
  std::string_view name;
  std::string_view default_value;  // as shown to readers
  std::string_view values;         // what may stand there
  std::string_view meaning;        // one sentence
  // Sets the value; throws std::invalid_argument whose text says what was expected.
  void (*apply)(Config& config, std::string_view value);
};

// A key of Kafka Streams that is not taken, and why or what to do instead.
struct RefusedKey {
  std::string_view name;
  std::string_view why;
};

[[nodiscard]] std::span<const ConfigKey> config_keys();
[[nodiscard]] std::span<const RefusedKey> refused_keys();

// nullptr if there is none.
[[nodiscard]] const ConfigKey* find_config_key(std::string_view name);
[[nodiscard]] const RefusedKey* find_refused_key(std::string_view name);

// The known key nearest to a misspelt one; empty if none is near.
[[nodiscard]] std::string nearest_key(std::string_view name);

// The text of docs/configuration.md.
[[nodiscard]] std::string configuration_reference();

}  // namespace moldau::inline v0::streams
