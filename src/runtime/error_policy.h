#pragma once

#include "moldau/base/error.h"
#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/processor/error_handlers.h"

#include <exception>
#include <memory>
#include <string>

namespace moldau::inline v0::runtime {

// Ends the task that throws it, and with it the thread: user code, a serde or the broker refused
// and the handler said fail. Passes through every node untouched. The message is complete; the
// original exception hangs below it (std::throw_with_nested).
class TaskFailed : public StreamsError {
 public:
  using StreamsError::StreamsError;
  ~TaskFailed() override;
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
  ErrorPolicy(ErrorHandlers handlers, std::shared_ptr<Logger> logger);

  // Called inside a catch block. Returns to leave the record out; throws TaskFailed otherwise.
  void undecodable(const ErrorContext& context);
  void processing_failed(const ErrorContext& context);
  void serialization_failed(const ErrorContext& context, std::string_view topic);

  // What to do about a record the broker or the client refused. Throws TaskFailed only if the
  // handler itself throws.
  [[nodiscard]] ErrorResponse production_failed(const ErrorContext& context,
                                                const ProductionError& error);

 private:
  ErrorHandlers handlers_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
};

// "task 0_1, node \"map\", topic in, partition 1, offset 7": where an error happened, for messages.
[[nodiscard]] std::string place(const ErrorContext& context);

}  // namespace moldau::inline v0::runtime
