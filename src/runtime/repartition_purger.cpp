#include "runtime/repartition_purger.h"

#include <algorithm>
#include <string>
#include <utility>

namespace moldau::inline v0::runtime {

namespace {
constexpr std::chrono::milliseconds longest_call{5'000};
}

RepartitionPurger::RepartitionPurger(TopicDirectory& topics, std::chrono::milliseconds interval,
                                     Clock& clock, std::shared_ptr<Logger> logger)
    : topics_(topics),
      interval_(interval),
      clock_(clock),
      logger_(std::move(logger)),
      next_(clock.steady() + interval) {}

RepartitionPurger::~RepartitionPurger() = default;

void RepartitionPurger::committed(std::vector<kafka::PartitionPosition> offsets) {
  incoming_.post(std::move(offsets));
}

void RepartitionPurger::finish() { finishing_.store(true); }

std::optional<Clock::Steady> RepartitionPurger::step(std::chrono::milliseconds may_block) {
  if (finishing_.load()) return std::nullopt;
  const Clock::Steady now = clock_.steady();
  if (now < next_) return next_;
  next_ = now + std::max(interval_, std::chrono::milliseconds{1});

  for (const std::vector<kafka::PartitionPosition>& offsets : incoming_.take()) {
    for (const kafka::PartitionPosition& position : offsets) {
      Offset& before = waiting_[position.partition];
      before = std::max(before, position.offset.value_or(Offset{0}));
    }
  }
  if (waiting_.empty()) return next_;
  std::vector<kafka::PartitionPosition> purge;
  for (const auto& [partition, before] : waiting_) {
    purge.push_back({.partition = partition, .offset = before});
  }
  // What fails is asked for again at the next turn, together with what has come since.
  if (Status status = topics_.delete_records(purge, std::max(may_block, longest_call)); status) {
    waiting_.clear();
  } else {
    tell(status);
  }
  return next_;
}

// Somebody has to do something if it does not pass by itself: until then the topics grow.
void RepartitionPurger::tell(const Status& status) {
  const std::string message =
      "what was read is not deleted from repartition topics: " + std::string{status.message()};
  if (status.retriable() || message == last_told_) {
    logger_->debug(message);
    return;
  }
  logger_->warning(message);
  last_told_ = message;
}

}  // namespace moldau::inline v0::runtime
