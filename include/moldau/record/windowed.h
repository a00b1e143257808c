#pragma once

#include "moldau/base/timestamp.h"

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace moldau::inline v0 {

// A piece of event time. Whether `end` belongs to it depends on the kind: it does not for time
// windows, it does for sliding and session windows.
struct Window {
  Timestamp start;
  Timestamp end;

  friend bool operator==(const Window&, const Window&) = default;
  friend auto operator<=>(const Window&, const Window&) = default;
};

// A key within a window: the key of a windowed table. Compares and hashes as K does: by key, then
// by start, then by end.
template <class K>
struct Windowed {
  K key;
  Window window;

  friend bool operator==(const Windowed&, const Windowed&) = default;
  friend auto operator<=>(const Windowed&, const Windowed&) = default;
};

template <class K>
inline constexpr bool is_windowed = false;
template <class K>
inline constexpr bool is_windowed<Windowed<K>> = true;

}  // namespace moldau::inline v0

template <>
struct std::hash<moldau::Window> {
  std::size_t operator()(const moldau::Window& window) const noexcept {
    // Windows lie on a grid in time; the large factor spreads their hashes over all bits.
    const auto bits = static_cast<std::uint64_t>(window.start.milliseconds()) * 31 +
                      static_cast<std::uint64_t>(window.end.milliseconds());
    return static_cast<std::size_t>((bits * 0x9E3779B97F4A7C15U) >> 16U);
  }
};
template <class K>
requires requires(const K& key) {
  { std::hash<K>{}(key) } -> std::convertible_to<std::size_t>;
}
struct std::hash<moldau::Windowed<K>> {
  std::size_t operator()(const moldau::Windowed<K>& windowed) const {
    return std::hash<K>{}(windowed.key) * 31 + std::hash<moldau::Window>{}(windowed.window);
  }
};
