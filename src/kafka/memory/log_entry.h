#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/strong_id.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"

#include <cstdint>
#include <optional>

namespace moldau::inline v0::kafka::memory {

using ProducerId = StrongId<std::int64_t, struct ProducerIdTag>;
using ProducerEpoch = StrongId<std::int32_t, struct ProducerEpochTag>;

// Who writes. A higher epoch of the same id fences the lower ones.
struct ProducerIdentity {
  ProducerId id;
  ProducerEpoch epoch;

  friend bool operator==(const ProducerIdentity&, const ProducerIdentity&) = default;
};

// What one offset of a log holds: a record, or the marker that ends a producer's transaction there.
struct LogEntry {
  enum class Kind : std::uint8_t { record, commit_marker, abort_marker };

  Kind kind = Kind::record;
  Offset offset;
  ProducerIdentity producer;
  bool transactional = false;
  Timestamp timestamp;
  std::optional<ByteBuffer> key;
  std::optional<ByteBuffer> value;
  Headers headers;
  // Set by the first compaction that meets a tombstone or a marker: from then on it may go.
  std::optional<Timestamp> removable_from;

  [[nodiscard]] bool is_record() const noexcept { return kind == Kind::record; }
};

}  // namespace moldau::inline v0::kafka::memory
