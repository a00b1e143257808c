#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/headers.h"

#include <exception>
#include <optional>
#include <string>

namespace moldau::inline v0 {

struct ErrorContext;

// A record that an error handler puts aside. Sent by the producer of the task, so with exactly-once
// in the transaction that skips the failed record: a dead letter is there once, or the failed
// record is processed again.
struct DeadLetter {
  std::string topic;
  std::optional<PartitionId> partition = {};  // nullopt: that of the key
  std::optional<ByteBuffer> key = {};
  std::optional<ByteBuffer> value = {};
  Headers headers = {};
  Timestamp timestamp = {};
};

// The usual letter (KIP-1034): the bytes of the input record as they were fetched, its time, and
// its headers followed by, as text,
//
//   __streams.errors.exception   the type of `error`
//   __streams.errors.message     its what(); null if it is not a std::exception
//   __streams.errors.stacktrace  the errors nested in it, one a line: C++ has no more
//   __streams.errors.topic, .partition, .offset   where the input record is
//
// Of a punctuation, key and value are null.
[[nodiscard]] MOLDAU_EXPORT DeadLetter dead_letter(std::string topic, const ErrorContext& context,
                                                   const std::exception_ptr& error);

}  // namespace moldau::inline v0
