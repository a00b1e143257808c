#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"

namespace moldau::inline v0 {

// What a timestamped store keeps for a key: the value, and the time of the record that it comes
// from. Every store behind a table is one.
template <class V>
struct ValueAndTimestamp {
  V value;
  Timestamp timestamp;
  // Of the headers format only: a store without them forgets them, and gives none.
  Headers headers = {};

  friend bool operator==(const ValueAndTimestamp&, const ValueAndTimestamp&) = default;
};

template <class V>
ValueAndTimestamp(V, Timestamp) -> ValueAndTimestamp<V>;
template <class V>
ValueAndTimestamp(V, Timestamp, Headers) -> ValueAndTimestamp<V>;

}  // namespace moldau::inline v0
