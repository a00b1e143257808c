#pragma once

#include "moldau/base/error.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/processor/error_handlers.h"

#include "runtime/dead_letters.h"

#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace moldau::inline v0::runtime {

// Ends the task that throws it, and with it the thread: user code, a serde or the broker refused
// and the handler said fail. Passes through every node untouched. The message is complete; the
// original exception hangs below it (std::throw_with_nested).
class TaskFailed : public StreamsError {
 public:
  using StreamsError::StreamsError;
  ~TaskFailed() override;
};

// What a dead letter names as the error if a broker or the client refused a record.
class RecordNotSent : public StreamsError {
 public:
  using StreamsError::StreamsError;
  ~RecordNotSent() override;
};

struct ErrorHandlers {
  DeserializationExceptionHandler deserialization;  // empty: fail
  ProcessingExceptionHandler processing;            // empty: fail
  ProductionExceptionHandler production;            // empty: retry what can pass, else fail
};

// Asks the user's handlers and turns their answers into "go on" or an exception. One per stream
// thread.
class MOLDAU_TESTING_EXPORT ErrorPolicy {
 public:
  // `dead_letter_topic` is `errors.dead.letter.queue.topic.name`; may be empty.
  ErrorPolicy(ErrorHandlers handlers, std::shared_ptr<Logger> logger,
              std::string dead_letter_topic = {});

  // Where letters go. The stream thread's producer, once there is one.
  [[nodiscard]] DeadLetters& dead_letters() noexcept { return dead_letters_; }

  // Called inside a catch block. Returns to leave the record out; throws TaskFailed otherwise. Dead
  // letters are sent before.
  void undecodable(const ErrorContext& context);
  void processing_failed(const ErrorContext& context);
  void serialization_failed(const ErrorContext& context, std::string_view topic);

  struct Verdict {
    ErrorResponse response = ErrorResponse::fail;
    std::vector<DeadLetter> letters;  // for the caller to send, when it is their time
  };
  // What to do about a record the broker or the client refused. Throws TaskFailed only if the
  // handler itself throws.
  [[nodiscard]] Verdict production_failed(const ErrorContext& context,
                                          const ProductionError& error);

 private:
  // The answer, its letters sent.
  [[nodiscard]] ErrorResponse carried_out(ErrorAnswer&& answer, const ErrorContext& context,
                                          const std::exception_ptr& error);
  [[nodiscard]] Verdict ask_about_production(const ErrorContext& context,
                                             const ProductionError& error,
                                             const std::exception_ptr& exception);

  ErrorHandlers handlers_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  DeadLetters dead_letters_;
};

// "task 0_1, node \"map\", topic in, partition 1, offset 7": where an error happened, for messages.
[[nodiscard]] std::string place(const ErrorContext& context);

}  // namespace moldau::inline v0::runtime
