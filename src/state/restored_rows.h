#pragma once

#include "moldau/base/bytes.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/store_spec.h"

#include <optional>
#include <span>

namespace moldau::inline v0::state {

// Makes of changelog records what their store keeps. Owns the bytes that it hands out.
class RestoredRows {
 public:
  // `spec` outlives this.
  RestoredRows(const StoreSpec& spec, std::span<const RawRecord> changelog);

  // Throws StateStoreError if the record has no key.
  [[nodiscard]] Bytes key(const RawRecord& record) const;
  // Once for each record of the batch. nullopt: a deletion.
  [[nodiscard]] std::optional<Bytes> value(const RawRecord& record);

 private:
  const StoreSpec& spec_;
  ByteBuffer values_;  // of its final size from the start, so that views of it stay valid
};

}  // namespace moldau::inline v0::state
