#pragma once

#include "moldau/record/headers.h"

namespace moldau::inline v0 {

// What a session store that keeps headers has for a session: the value, and headers.
template <class V>
struct ValueAndHeaders {
  V value;
  // A store without them forgets them, and gives none.
  Headers headers = {};

  friend bool operator==(const ValueAndHeaders&, const ValueAndHeaders&) = default;
};

template <class V>
ValueAndHeaders(V, Headers) -> ValueAndHeaders<V>;

}  // namespace moldau::inline v0
