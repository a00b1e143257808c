#pragma once

#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"

#include <string_view>

namespace moldau::inline v0 {

// Where the input record being processed came from. Set once per input record by the task.
struct RecordMetadata {
  std::string_view topic = {};  // empty inside a punctuation
  PartitionId partition{-1};
  Offset offset{-1};
};

// What a write remembers of the record that caused it: a changelog record takes its time from here,
// a cached entry all of it, to hand it on when it is flushed. A view, valid during the call it is
// given to.
struct RecordContext {
  Timestamp timestamp;
  const Headers* headers = &no_headers();
  RecordMetadata metadata = {};
};

}  // namespace moldau::inline v0
