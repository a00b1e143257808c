#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"
#include "moldau/export.h"
#include "moldau/serde/serde.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace moldau::inline v0::processor {

// A change on its way through the repartition topic of a regrouped table. Unlike Change it owns its
// values, because it is read from bytes. At least one of them is there.
template <class V>
struct RegroupedChange {
  V now{};
  V before{};
  bool has_now = false;
  bool has_before = false;
};

// The values of a regrouped change, as bytes.
struct RegroupedBytes {
  std::optional<Bytes> now;
  std::optional<Bytes> before;
};

// What follows the values in the topic (interop.md section 7.1).
//
// Ends a change of one value, which has been appended to `out` already.
MOLDAU_EXPORT void end_regrouped_now(ByteBuffer& out);
MOLDAU_EXPORT void end_regrouped_before(ByteBuffer& out);
// Ends a change of both values: `out` holds, from `start` on, `now_size` bytes of the new value and
// then the old one.
MOLDAU_EXPORT void end_regrouped_both(ByteBuffer& out, std::size_t start, std::size_t now_size);

// Takes a change apart, in any form that a release of the reference has written. Throws SerdeError
// for other bytes.
[[nodiscard]] MOLDAU_EXPORT RegroupedBytes parse_regrouped(Bytes bytes);

// Regrouped changes as bytes, over the serde of their values.
template <class V>
class RegroupedChangeSerde final : public SerdeInstance<RegroupedChange<V>> {
 public:
  explicit RegroupedChangeSerde(AnySerde<V> values) : values_(std::move(values)) {}

  void serialize(const RegroupedChange<V>& change, ByteBuffer& out) const override {
    const std::size_t start = out.size();
    if (change.has_now) values_.serialize(change.now, out);
    const std::size_t now_size = out.size() - start;
    if (change.has_before) values_.serialize(change.before, out);
    if (change.has_now && change.has_before) {
      end_regrouped_both(out, start, now_size);
    } else if (change.has_now) {
      end_regrouped_now(out);
    } else {
      end_regrouped_before(out);
    }
  }

  void deserialize(Bytes bytes, RegroupedChange<V>& change) const override {
    const RegroupedBytes parts = parse_regrouped(bytes);
    change.has_now = parts.now.has_value();
    change.has_before = parts.before.has_value();
    if (change.has_now) values_.deserialize(*parts.now, change.now);
    if (change.has_before) values_.deserialize(*parts.before, change.before);
  }

 private:
  AnySerde<V> values_;
};

}  // namespace moldau::inline v0::processor
