#pragma once

#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"
#include "moldau/record/record_metadata.h"

#include "state/row.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace moldau::inline v0::state {

// A RecordContext that owns what it refers to, except the name of the topic.
struct OwnedContext {
  Timestamp timestamp;
  Headers headers;
  const std::string* topic = nullptr;  // of the cache's TopicNames
  PartitionId partition{-1};
  Offset offset{-1};

  [[nodiscard]] RecordContext view() const noexcept {
    return {timestamp, &headers, {*topic, partition, offset}};
  }
};

// An entry of a record cache. The links belong to CachedEntries.
struct CachedEntry : Row {
  OwnedContext context;          // of the last write; of no meaning while clean
  std::size_t charged = 0;       // against the RecordCache
  bool dirty = false;            // the store below does not have it yet
  std::uint64_t written_at = 0;  // counts the writes of its cache; of no meaning while clean
  CachedEntry* newer = nullptr;
  CachedEntry* older = nullptr;
  CachedEntry* next_dirty = nullptr;
  CachedEntry* previous_dirty = nullptr;
};

}  // namespace moldau::inline v0::state
