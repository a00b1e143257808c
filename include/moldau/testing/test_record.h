#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"

#include <optional>
#include <string>
#include <utility>

namespace moldau::inline v0::testing {

// A record that goes into or comes out of a test. Owns its parts; nullopt is a Kafka null.
template <class K, class V>
struct TestRecord {
  std::optional<K> key;
  std::optional<V> value;
  Timestamp timestamp = {};
  Headers headers = {};

  friend bool operator==(const TestRecord&, const TestRecord&) = default;
};

// The same as bytes, with the topic it was sent to.
struct RawTestRecord {
  std::string topic;
  std::optional<ByteBuffer> key;
  std::optional<ByteBuffer> value;
  std::optional<Timestamp> timestamp;  // nullopt: sent without one
  Headers headers;

  friend bool operator==(const RawTestRecord&, const RawTestRecord&) = default;
};

}  // namespace moldau::inline v0::testing
