#include "streams/properties_file.h"

#include "moldau/base/error.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>

namespace moldau::inline v0::streams {

namespace {

constexpr std::string_view blanks = " \t\f";

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

std::uint32_t code_unit(std::string_view digits) {
  std::uint32_t code = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, code, 16);
  if (digits.size() != 4 || error != std::errc{} || stop != end) {
    throw ConfigError("\\u must be followed by four hexadecimal digits");
  }
  return code;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escaped = text[++i];
    switch (escaped) {
      case 't':
        out += '\t';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 'f':
        out += '\f';
        break;
      case 'u':
        append_utf8(out, code_unit(text.substr(i + 1, 4)));
        i += 4;
        break;
      default:
        out += escaped;
    }
  }
  return out;
}

bool ends_in_open_backslash(std::string_view line) {
  std::size_t count = 0;
  while (count < line.size() && line[line.size() - 1 - count] == '\\') ++count;
  return count % 2 == 1;
}

Property split(std::string_view line, std::size_t number) {
  std::size_t at = 0;
  while (at < line.size() && line[at] != '=' && line[at] != ':' &&
         blanks.find(line[at]) == std::string_view::npos) {
    at += line[at] == '\\' ? 2 : 1;
  }
  at = std::min(at, line.size());
  const std::string_view key = line.substr(0, at);
  std::size_t value = std::min(line.find_first_not_of(blanks, at), line.size());
  if (value < line.size() && (line[value] == '=' || line[value] == ':')) {
    value = std::min(line.find_first_not_of(blanks, value + 1), line.size());
  }
  return {unescaped(key), unescaped(line.substr(value)), number};
}

Property parse_line(std::string_view line, std::size_t number) {
  try {
    return split(line, number);
  } catch (const ConfigError& e) {
    throw ConfigError("line " + std::to_string(number) + ": " + e.what());
  }
}

}  // namespace

std::vector<Property> parse_properties(std::string_view text) {
  std::vector<Property> properties;
  std::size_t number = 0;
  std::string logical;
  std::size_t started = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    if (logical.empty()) {
      if (line.empty() || line.front() == '#' || line.front() == '!') continue;
      started = number;
    }
    logical += line;
    if (ends_in_open_backslash(logical)) {
      logical.pop_back();
      if (!text.empty()) continue;
    }
    Property property = parse_line(logical, started);
    std::erase_if(properties, [&](const Property& p) { return p.key == property.key; });
    properties.push_back(std::move(property));
    logical.clear();
  }
  return properties;
}

std::vector<Property> read_properties(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw ConfigError(file.string() + ": the configuration file cannot be opened");
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  try {
    return parse_properties(text);
  } catch (const ConfigError& e) {
    throw ConfigError(file.string() + ": " + e.what());
  }
}

}  // namespace moldau::inline v0::streams
