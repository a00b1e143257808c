#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/record/headers.h"
#include "moldau/record/record_metadata.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace moldau::inline v0 {

// What a handler answers.
enum class ErrorResponse : std::uint8_t {
  // Stop the task, and with it the thread: nothing of the failed record is committed.
  fail,
  // Leave the record out, count it in `dropped-records-total`, go on.
  resume,
  // Production errors only: process the input again from the last commit. For an error that cannot
  // pass by itself this is `fail`.
  retry,
};

// Where it happened. Views, valid during the handler's call.
struct ErrorContext {
  RecordMetadata metadata;  // topic, partition and offset of the input record
  Timestamp timestamp;
  const Headers* headers = &no_headers();
  std::string_view node;  // the processor that failed
  TaskId task;
  // The input record as it was fetched; nullopt for a null, and inside a punctuation.
  std::optional<Bytes> source_key;
  std::optional<Bytes> source_value;
};

// Called where bytes cannot be read, where user code throws, and where a record cannot be
// delivered; but not for an UnavailableError, which is no error of the record. The exception is the
// original one: std::rethrow_exception(error) to look at its type. Called on the stream thread; a
// handler that throws counts as `fail`.
using DeserializationExceptionHandler =
    std::function<ErrorResponse(const ErrorContext& context, std::exception_ptr error)>;
using ProcessingExceptionHandler =
    std::function<ErrorResponse(const ErrorContext& context, std::exception_ptr error)>;

// The record that could not be sent, and why.
struct ProductionError {
  std::string_view topic;
  std::optional<PartitionId> partition;
  std::optional<Bytes> key;  // nullopt also if it could not be serialised
  std::optional<Bytes> value;
  std::string_view reason;
  bool retriable = false;
  bool serialization =
      false;  // a serde threw; otherwise the broker or the client refused the record
};
using ProductionExceptionHandler =
    std::function<ErrorResponse(const ErrorContext& context, const ProductionError& error)>;

// Says what an exception is about: what() of a std::exception, a fixed text for anything else.
[[nodiscard]] std::string describe(std::exception_ptr error);

}  // namespace moldau::inline v0
