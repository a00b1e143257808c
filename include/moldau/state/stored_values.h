#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/value_and_headers.h"
#include "moldau/record/value_and_timestamp.h"
#include "moldau/serde/serde.h"
#include "moldau/state/store_spec.h"
#include "moldau/state/value_layout.h"

#include <utility>

// Between a typed value and the bytes that a store keeps: what makes a handle one of plain or of
// timestamped values.
namespace moldau::inline v0::state {

template <class V>
class PlainValues {
 public:
  using Plain = V;
  using Value = V;
  static constexpr bool timestamped = false;

  PlainValues() = default;
  PlainValues(AnySerde<V> serde, ValueLayout layout)
      : serde_(std::move(serde)), with_headers_(layout == ValueLayout::headers_untimed) {}

  // Replaces `stored`. False if the value stands for null.
  bool encode(const V& value, ByteBuffer& stored) const {
    stored.clear();
    if (with_headers_) {
      append_stored_prefix(ValueLayout::headers_untimed, Timestamp::unknown(), no_headers(),
                           stored);
    }
    return serde_.serialize(value, stored);
  }
  void decode(Bytes stored, V& value) const {
    if (with_headers_) stored = stored.without_first(stored_headers_size(stored));
    serde_.deserialize(stored, value);
  }

 private:
  AnySerde<V> serde_;
  bool with_headers_ = false;  // a session store that keeps some, which are not shown
};

// Of session stores, whose time is in the key.
template <class V>
class ValuesWithHeaders {
 public:
  using Plain = V;
  using Value = ValueAndHeaders<V>;

  ValuesWithHeaders() = default;
  ValuesWithHeaders(AnySerde<V> serde, ValueLayout layout)
      : serde_(std::move(serde)), layout_(layout) {}

  bool encode(const Value& value, ByteBuffer& stored) const {
    stored.clear();
    append_stored_prefix(layout_, Timestamp::unknown(), value.headers, stored);
    return serde_.serialize(value.value, stored);
  }
  void decode(Bytes stored, Value& value) const {
    const StoredValue parts = split_stored(layout_, stored, Timestamp::unknown());
    serde_.deserialize(parts.value, value.value);
    decode_headers(parts.headers, value.headers);
  }

 private:
  AnySerde<V> serde_;
  ValueLayout layout_ = ValueLayout::plain;
};

template <class V>
class TimestampedValues {
 public:
  using Plain = V;
  using Value = ValueAndTimestamp<V>;
  static constexpr bool timestamped = true;

  TimestampedValues() = default;
  TimestampedValues(AnySerde<V> serde, ValueLayout layout)
      : serde_(std::move(serde)), layout_(layout) {}

  bool encode(const Value& value, ByteBuffer& stored) const {
    stored.clear();
    append_stored_prefix(layout_, value.timestamp, value.headers, stored);
    return serde_.serialize(value.value, stored);
  }
  void decode(Bytes stored, Value& value) const {
    const StoredValue parts = split_stored(layout_, stored, Timestamp::unknown());
    serde_.deserialize(parts.value, value.value);
    value.timestamp = parts.timestamp;
    if (layout_ == ValueLayout::headers) decode_headers(parts.headers, value.headers);
  }

 private:
  AnySerde<V> serde_;
  ValueLayout layout_ = ValueLayout::timestamped;
};

}  // namespace moldau::inline v0::state
