#pragma once

#include "conformance/topologies/text.h"

#include <algorithm>

// What the processors of TOPOLOGIES.md say about what they find.
namespace moldau::conformance {

inline Text s(Timestamp time) { return std::to_string(time.milliseconds()); }
inline Text s(const std::optional<Long>& number) {
  return number ? std::to_string(*number) : "null";
}
// key@start-end of a windowed key.
inline Text s(const Windowed<Text>& windowed) {
  return windowed.key + "@" + s(windowed.window.start) + "-" + s(windowed.window.end);
}
inline Text cat(const std::optional<Text>& a, const Text* b) { return s(a) + ":" + s(b); }
inline Text cat(const Text* a, const std::optional<Text>& b) { return s(a) + ":" + s(b); }
inline Text cat(const std::optional<Text>& a, const std::optional<Text>& b) {
  return s(a) + ":" + s(b);
}

// key=value; of each entry.
template <class Entries>
Text listed(Entries entries) {
  const auto text = [](const auto& part) {
    if constexpr (std::is_same_v<decltype(part), const Long&>) {
      return std::to_string(part);
    } else {
      return s(part);
    }
  };
  Text all;
  for (const auto& [key, value] : entries) all += text(key) + "=" + text(value) + ";";
  return all;
}

inline Timestamp window_of(Timestamp time) { return Timestamp{time.milliseconds() / 100 * 100}; }
inline Timestamp not_negative(Timestamp time) { return std::max(time, Timestamp{0}); }

}  // namespace moldau::conformance
