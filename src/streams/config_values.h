#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

namespace moldau::inline v0::streams {

// Reads configuration values. Each throws std::invalid_argument with what was expected.

template <class T>
[[nodiscard]] T parse_integer(std::string_view text, T least,
                              T most = std::numeric_limits<T>::max()) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end || value < least || value > most) {
    std::string expected = "a whole number of at least " + std::to_string(least);
    if (most != std::numeric_limits<T>::max()) expected += " and at most " + std::to_string(most);
    throw std::invalid_argument(expected);
  }
  return value;
}

[[nodiscard]] inline std::chrono::milliseconds parse_milliseconds(std::string_view text,
                                                                  std::int64_t least = 0) {
  return std::chrono::milliseconds{parse_integer<std::int64_t>(text, least)};
}

[[nodiscard]] inline bool parse_bool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  throw std::invalid_argument("true or false");
}

}  // namespace moldau::inline v0::streams
