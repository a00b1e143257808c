#include "runtime/dead_letters.h"

#include <utility>

namespace moldau::inline v0::runtime {

namespace {

std::optional<Bytes> view(const std::optional<ByteBuffer>& bytes) {
  return bytes ? std::optional{bytes->bytes()} : std::nullopt;
}

}  // namespace

DeadLetters::DeadLetters(std::string topic, std::shared_ptr<Logger> logger)
    : topic_(std::move(topic)), logger_(std::move(logger)) {}

std::vector<DeadLetter> DeadLetters::letters_of(ErrorAnswer&& answer, const ErrorContext& context,
                                                const std::exception_ptr& error) const {
  std::vector<DeadLetter> letters = std::move(answer.dead_letters);
  if (answer.usual_dead_letter && !topic_.empty()) {
    letters.push_back(dead_letter(topic_, context, error));
  }
  return letters;
}

void DeadLetters::send(const std::vector<DeadLetter>& letters) {
  for (const DeadLetter& letter : letters) {
    if (sink_ == nullptr) {
      logger_->warning("a dead letter for topic " + letter.topic +
                       " is discarded: global stores have no producer");
      continue;
    }
    topics_.insert(letter.topic);
    sink_->send({.topic = sink_->topic(letter.topic),
                 .partition = letter.partition,
                 .key = view(letter.key),
                 .value = view(letter.value),
                 .timestamp = letter.timestamp,
                 .headers = &letter.headers});
  }
}

}  // namespace moldau::inline v0::runtime
