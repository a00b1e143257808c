#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/ids.h"
#include "moldau/base/timestamp.h"
#include "moldau/processor/dead_letter.h"
#include "moldau/record/headers.h"
#include "moldau/record/record_metadata.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

// What a handler answers.
enum class ErrorResponse : std::uint8_t {
  // Stop the task, and with it the thread: nothing of the failed record is committed, with
  // exactly-once not even its dead letters.
  fail,
  // Leave the record out, count it in `dropped-records-total`, go on.
  resume,
  // Production errors only: process the input again from the last commit. For an error that cannot
  // pass by itself this is `fail`.
  retry,
};

// The answer, with records to put aside. A handler that returns an ErrorResponse writes no letters.
struct ErrorAnswer {
  // NOLINTNEXTLINE(google-explicit-constructor): an answer is its response, in most handlers.
  ErrorAnswer(ErrorResponse says) : response(says) {}
  ErrorAnswer(ErrorResponse says, std::vector<DeadLetter> letters)
      : response(says), dead_letters(std::move(letters)) {}

  // The answer of the ready-made handlers: and write the usual letter to
  // `errors.dead.letter.queue.topic.name`, if that is set. Not with `retry`.
  [[nodiscard]] static ErrorAnswer with_usual_letter(ErrorResponse says) {
    ErrorAnswer answer{says};
    answer.usual_dead_letter = says != ErrorResponse::retry;
    return answer;
  }

  ErrorResponse response;
  std::vector<DeadLetter> dead_letters;
  bool usual_dead_letter = false;
};

// Where it happened. Views, valid during the handler's call.
struct ErrorContext {
  RecordMetadata metadata;  // topic, partition and offset of the input record
  Timestamp timestamp;
  const Headers* headers = &no_headers();
  std::string_view node;  // the processor that failed
  TaskId task;
  // The input record as it was fetched; nullopt for a null, and inside a punctuation. Of a record
  // that was serialised and then not delivered, that record: by then its input is not kept.
  std::optional<Bytes> source_key;
  std::optional<Bytes> source_value;
};

// Called where bytes cannot be read, where user code throws, and where a record cannot be
// delivered; but not for an UnavailableError, which is no error of the record. The exception is the
// original one: std::rethrow_exception(error) to look at its type. Called on the stream thread; a
// handler that throws counts as `fail`.
using DeserializationExceptionHandler =
    std::function<ErrorAnswer(const ErrorContext& context, std::exception_ptr error)>;
using ProcessingExceptionHandler =
    std::function<ErrorAnswer(const ErrorContext& context, std::exception_ptr error)>;

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
    std::function<ErrorAnswer(const ErrorContext& context, const ProductionError& error)>;

// Says what an exception is about: what() of a std::exception, a fixed text for anything else.
[[nodiscard]] std::string describe(std::exception_ptr error);

}  // namespace moldau::inline v0
