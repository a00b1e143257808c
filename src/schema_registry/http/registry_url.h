#pragma once

#include "moldau/export.h"

#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::schema_registry {

// Where a registry is: `http://host:8081` and a path in front of all of its own, often empty.
struct RegistryUrl {
  std::string origin;
  std::string path;  // begins with a slash and does not end with one, or is empty

  friend bool operator==(const RegistryUrl&, const RegistryUrl&) = default;
};

// Reads a URL, or adds to `problems` what is wrong with it. A problem never shows a password.
MOLDAU_TESTING_EXPORT RegistryUrl read_registry_url(std::string_view url,
                                                    std::vector<std::string>& problems);

// A text as one segment of a path: everything but letters, digits and "-._~" as %XX.
[[nodiscard]] MOLDAU_TESTING_EXPORT std::string path_segment(std::string_view text);

}  // namespace moldau::inline v0::schema_registry
