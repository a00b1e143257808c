#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::streams {

struct Property {
  std::string key;
  std::string value;
  std::size_t line;  // where it starts, from 1
};

// Reads the format of java.util.Properties: `key=value`, `key: value` or `key value`; `#` and `!`
// start comments; a backslash continues a line and escapes \t \n \r \f \uXXXX. A key that stands
// twice: the last one wins, as in Java. Throws ConfigError naming the line.
[[nodiscard]] std::vector<Property> parse_properties(std::string_view text);

// Throws ConfigError if the file cannot be read.
[[nodiscard]] std::vector<Property> read_properties(const std::filesystem::path& file);

}  // namespace moldau::inline v0::streams
