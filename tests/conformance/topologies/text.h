#pragma once

#include "moldau/moldau.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The helpers of TOPOLOGIES.md: null-safe text functions.
namespace moldau::conformance {

using Text = std::string;
using TextStream = KStream<Text, Text>;

// Text form: "null" for null, decimal digits for a number, the text itself otherwise.
inline Text s(const Text* text) { return text != nullptr ? *text : "null"; }
inline Text s(const std::optional<Text>& text) { return text.value_or("null"); }

// a, colon, b.
inline Text cat(const Text* a, const Text* b) { return s(a) + ":" + s(b); }

// 'a'..'z' become 'A'..'Z', every other character stays.
inline Text up(Text text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}
inline std::optional<Text> up(const Text* text) {
  return text != nullptr ? std::optional{up(*text)} : std::nullopt;
}

// The first character as text; null for null or empty text.
inline std::optional<Text> first(const Text* text) {
  return text == nullptr || text->empty() ? std::nullopt : std::optional{text->substr(0, 1)};
}

// The last 12 characters at most.
inline Text tail(const Text& text) {
  return text.size() <= 12 ? text : text.substr(text.size() - 12);
}

// What stands before the first '|'; null when the value is null or has no '|'.
inline std::optional<Text> before_bar(const Text* text) {
  const std::size_t bar = text == nullptr ? Text::npos : text->find('|');
  return bar == Text::npos ? std::nullopt : std::optional{text->substr(0, bar)};
}

using WindowedText = Windowed<Text>;

// key@start-end of a windowed key.
inline Text wk(const WindowedText& w) {
  return w.key + "@" + std::to_string(w.window.start.milliseconds()) + "-" +
         std::to_string(w.window.end.milliseconds());
}

// Each character as a text of its own.
inline std::vector<Text> characters(const Text* text) {
  std::vector<Text> all;
  if (text == nullptr) return all;
  for (const char c : *text) all.emplace_back(1, c);
  return all;
}

// Kafka's Long.
using Long = std::int64_t;
// Arithmetic as Java's: two's complement that wraps.
inline Long wrapping_add(Long a, Long b) {
  return static_cast<Long>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace moldau::conformance
