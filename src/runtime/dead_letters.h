#pragma once

#include "moldau/base/logger.h"
#include "moldau/processor/error_handlers.h"
#include "moldau/record/raw_record.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::runtime {

// Where the dead letters of one thread go. Used on that thread.
class DeadLetters {
 public:
  // `topic` is `errors.dead.letter.queue.topic.name`; empty: handlers that leave it to the
  // application write no letters.
  DeadLetters(std::string topic, std::shared_ptr<Logger> logger);

  // Without a sink, as for global stores, letters are discarded with a warning.
  void write_to(RecordSink& sink) noexcept { sink_ = &sink; }

  // The letters of an answer, the usual one with them if it asks for that.
  [[nodiscard]] std::vector<DeadLetter> letters_of(ErrorAnswer&& answer,
                                                   const ErrorContext& context,
                                                   const std::exception_ptr& error) const;
  // Throws what the sink throws.
  void send(const std::vector<DeadLetter>& letters);

  // A letter has been sent there. What cannot be delivered to it is no case for a handler.
  [[nodiscard]] bool go_to(std::string_view topic) const { return topics_.contains(topic); }

 private:
  const std::string topic_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  RecordSink* sink_ = nullptr;
  std::set<std::string, std::less<>> topics_;
};

}  // namespace moldau::inline v0::runtime
