#pragma once

#include "moldau/base/timestamp.h"

#include <utility>

namespace moldau::inline v0 {

// A piece of event time. Whether `end` belongs to it depends on the kind: it does not for time
// windows, it does for sliding and session windows.
struct Window {
  Timestamp start;
  Timestamp end;

  friend bool operator==(const Window&, const Window&) = default;
  friend auto operator<=>(const Window&, const Window&) = default;
};

// A key within a window: the key of a windowed table.
template <class K>
struct Windowed {
  K key;
  Window window;

  friend bool operator==(const Windowed&, const Windowed&) = default;
};

template <class K>
inline constexpr bool is_windowed = false;
template <class K>
inline constexpr bool is_windowed<Windowed<K>> = true;

}  // namespace moldau::inline v0
