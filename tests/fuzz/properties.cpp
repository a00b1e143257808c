// Configuration files.

#include "moldau/base/error.h"
#include "moldau/streams/config.h"

#include "fuzz/target.h"
#include "streams/properties_file.h"

namespace moldau::fuzz {

void run(Bytes input) {
  std::vector<streams::Property> properties;
  // A property takes 72 bytes, and two in the file.
  const MemoryBound bound{.per_byte = 128};
  const auto parse = [&] { properties = streams::parse_properties(input.text()); };
  if (!understood<ConfigError>(input, parse, bound)) return;

  Config config;
  for (const streams::Property& property : properties) {
    try {
      config.set(property.key, property.value);
    } catch (const ConfigError& error) {
      // A zero ends what an exception says.
      const std::string key = property.key.substr(0, property.key.find('\0'));
      require(std::string_view{error.what()}.find(key) != std::string_view::npos,
              "a problem names its key");
    }
  }
  static_cast<void>(config.problems());
}

}  // namespace moldau::fuzz
