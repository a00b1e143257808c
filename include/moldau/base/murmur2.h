#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/export.h"

#include <cstdint>

namespace moldau::inline v0 {

// The hash of Kafka's Java producer.
[[nodiscard]] MOLDAU_EXPORT std::uint32_t murmur2(Bytes bytes) noexcept;

// Where Kafka's Java producer sends a record with this key. REQUIRES: partitions > 0.
[[nodiscard]] MOLDAU_EXPORT PartitionId partition_for_key(Bytes key,
                                                          std::int32_t partitions) noexcept;

}  // namespace moldau::inline v0
