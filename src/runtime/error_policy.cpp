#include "runtime/error_policy.h"

#include "moldau/base/unavailable_error.h"

#include <utility>

namespace moldau::inline v0::runtime {

TaskFailed::~TaskFailed() = default;
RecordNotSent::~RecordNotSent() = default;

namespace {

// Asks a handler; one that throws or answers `retry` where nothing can be retried has said fail.
template <class Ask>
ErrorAnswer answer(const ErrorContext& context, std::string_view kind, Ask ask) {
  try {
    return ask();
  } catch (...) {
    std::throw_with_nested(
        TaskFailed(place(context) + ": the " + std::string{kind} +
                   " handler itself threw: " + describe(std::current_exception())));
  }
}

// Called inside a catch block. Fails the task, whatever the handlers would say, if it is not the
// record that is at fault.
void fail_if_unavailable(const ErrorContext& context, std::string_view what) {
  try {
    throw;
  } catch (const UnavailableError& error) {
    std::throw_with_nested(TaskFailed(
        place(context) + ": " + std::string{what} + " now: " + error.what() +
        ". The record may be fine: no exception handler was asked, and nothing of the record is "
        "committed. Remove the cause and start the application again; it goes on with this "
        "record"));
  } catch (...) {
  }
}

}  // namespace

ErrorPolicy::ErrorPolicy(ErrorHandlers handlers, std::shared_ptr<Logger> logger,
                         std::string dead_letter_topic)
    : handlers_(std::move(handlers)),
      logger_(std::move(logger)),
      dead_letters_(std::move(dead_letter_topic), logger_) {}

ErrorResponse ErrorPolicy::carried_out(ErrorAnswer&& answer, const ErrorContext& context,
                                       const std::exception_ptr& error) {
  const ErrorResponse response = answer.response;
  dead_letters_.send(dead_letters_.letters_of(std::move(answer), context, error));
  return response;
}

void ErrorPolicy::undecodable(const ErrorContext& context) {
  fail_if_unavailable(context, "the record cannot be deserialised");
  const std::exception_ptr error = std::current_exception();
  const std::string message =
      place(context) + ": the record cannot be deserialised: " + describe(error);
  if (carried_out(answer(context, "deserialization exception",
                         [&] {
                           return handlers_.deserialization
                                      ? handlers_.deserialization(context, error)
                                      : ErrorAnswer::with_usual_letter(ErrorResponse::fail);
                         }),
                  context, error) == ErrorResponse::resume) {
    logger_->warning(message + "; skipped, as the deserialization exception handler says");
    return;
  }
  std::throw_with_nested(TaskFailed(
      message +
      ". Set `deserialization.exception.handler` to continue to skip such records, or fix "
      "the serde of this source"));
}

void ErrorPolicy::processing_failed(const ErrorContext& context) {
  fail_if_unavailable(context, "the record cannot be processed");
  const std::exception_ptr error = std::current_exception();
  const std::string message = place(context) + ": processing failed: " + describe(error);
  if (carried_out(answer(context, "processing exception",
                         [&] {
                           return handlers_.processing
                                      ? handlers_.processing(context, error)
                                      : ErrorAnswer::with_usual_letter(ErrorResponse::fail);
                         }),
                  context, error) == ErrorResponse::resume) {
    logger_->warning(message + "; left out, as the processing exception handler says");
    return;
  }
  std::throw_with_nested(TaskFailed(
      message + ". Set `processing.exception.handler` to continue to leave such records out"));
}

void ErrorPolicy::serialization_failed(const ErrorContext& context, std::string_view topic) {
  const std::string what = "a record for topic " + std::string{topic} + " cannot be serialised";
  fail_if_unavailable(context, what);
  const std::string reason = describe(std::current_exception());
  const std::string message = place(context) + ": " + what + ": " + reason;
  const ProductionError error{.topic = topic,
                              .partition = {},
                              .key = {},
                              .value = {},
                              .reason = reason,
                              .retriable = false,
                              .serialization = true};
  const Verdict verdict = ask_about_production(context, error, std::current_exception());
  dead_letters_.send(verdict.letters);
  if (verdict.response == ErrorResponse::resume) {
    logger_->warning(message + "; left out, as the production exception handler says");
    return;
  }
  std::throw_with_nested(TaskFailed(message));
}

ErrorPolicy::Verdict ErrorPolicy::production_failed(const ErrorContext& context,
                                                    const ProductionError& error) {
  return ask_about_production(context, error,
                              std::make_exception_ptr(RecordNotSent{std::string{error.reason}}));
}

ErrorPolicy::Verdict ErrorPolicy::ask_about_production(const ErrorContext& context,
                                                       const ProductionError& error,
                                                       const std::exception_ptr& exception) {
  ErrorAnswer said = answer(context, "production exception", [&] {
    return handlers_.production ? handlers_.production(context, error)
                                : ErrorAnswer::with_usual_letter(
                                      error.retriable ? ErrorResponse::retry : ErrorResponse::fail);
  });
  if (said.response == ErrorResponse::retry && !error.retriable)
    said.response = ErrorResponse::fail;
  const ErrorResponse response = said.response;
  return {.response = response,
          .letters = dead_letters_.letters_of(std::move(said), context, exception)};
}

std::string place(const ErrorContext& context) {
  std::string text = "task " + to_string(context.task);
  if (!context.node.empty()) text += ", node \"" + std::string{context.node} + "\"";
  if (!context.metadata.topic.empty()) {
    text += ", topic " + std::string{context.metadata.topic} + ", partition " +
            std::to_string(context.metadata.partition.value()) + ", offset " +
            std::to_string(context.metadata.offset.value());
  }
  return text;
}

}  // namespace moldau::inline v0::runtime
