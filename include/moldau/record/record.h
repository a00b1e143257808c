#pragma once

#include "moldau/base/error.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"

#include <string>

namespace moldau::inline v0 {

namespace detail {
[[noreturn]] MOLDAU_EXPORT void throw_null_key();
[[noreturn]] MOLDAU_EXPORT void throw_null_value();
[[noreturn]] MOLDAU_EXPORT void throw_negative_timestamp(Timestamp timestamp);
}  // namespace detail

// A view of the record being processed: key, value, time, headers. Valid until the process() call
// that received it returns; copy what you keep. A key or a value may be absent, as in Kafka.
template <class K, class V>
class Record {
 public:
  using key_type = K;
  using value_type = V;

  // Null pointers are an absent key or value. Everything referred to must outlive the view.
  Record(const K* key, const V* value, Timestamp timestamp,
         const Headers& headers MOLDAU_LIFETIMEBOUND)
      : key_(key), value_(value), timestamp_(timestamp), headers_(&headers) {}

  // Throws NullAccess if the record has no key.
  [[nodiscard]] const K& key() const {
    if (key_ == nullptr) detail::throw_null_key();
    return *key_;
  }
  // Throws NullAccess on a tombstone.
  [[nodiscard]] const V& value() const {
    if (value_ == nullptr) detail::throw_null_value();
    return *value_;
  }
  [[nodiscard]] const K* key_or_null() const noexcept { return key_; }
  [[nodiscard]] const V* value_or_null() const noexcept { return value_; }
  [[nodiscard]] Timestamp timestamp() const noexcept { return timestamp_; }
  [[nodiscard]] const Headers& headers() const noexcept { return *headers_; }

  // The same record with one part replaced; the other parts are shared with this view.
  template <class K2>
  [[nodiscard]] Record<K2, V> with_key(const K2& key MOLDAU_LIFETIMEBOUND) const {
    return {&key, value_, timestamp_, *headers_};
  }
  template <class V2>
  [[nodiscard]] Record<K, V2> with_value(const V2& value MOLDAU_LIFETIMEBOUND) const {
    return {key_, &value, timestamp_, *headers_};
  }
  template <class V2>
  [[nodiscard]] Record<K, V2> with_value_or_null(const V2* value) const {
    return {key_, value, timestamp_, *headers_};
  }
  // Throws Error if `timestamp` is negative.
  [[nodiscard]] Record with_timestamp(Timestamp timestamp) const {
    if (timestamp.negative()) detail::throw_negative_timestamp(timestamp);
    return {key_, value_, timestamp, *headers_};
  }
  [[nodiscard]] Record with_headers(const Headers& headers MOLDAU_LIFETIMEBOUND) const {
    return {key_, value_, timestamp_, headers};
  }

 private:
  const K* key_;
  const V* value_;
  Timestamp timestamp_;
  const Headers* headers_;
};

}  // namespace moldau::inline v0
