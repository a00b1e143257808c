#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/kafka/values.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::runtime {

// What the group wants of a thread's member and the thread has not done yet. Used on that thread.
class GroupNews {
 public:
  struct Options {
    std::string thread;  // begins the messages
    // A missing input topic ends the application after this long.
    std::chrono::milliseconds missing_topics_timeout{10'000};
    std::function<void()> shutdown_requested;
  };

  GroupNews(const Clock& clock, std::shared_ptr<Logger> logger, Options options)
      : clock_(clock), logger_(std::move(logger)), options_(std::move(options)) {}

  // Throws TopologyError if input topics have been missing for too long, StreamsError if the member
  // cannot go on.
  void take(std::vector<kafka::MembershipEvent> events);

  // Tasks to run, to be acknowledged; nullopt: nothing new.
  [[nodiscard]] const std::optional<kafka::OwnedTasks>& target() const noexcept { return target_; }
  void reached_target() noexcept { target_.reset(); }
  // All tasks are to be given up without a commit.
  [[nodiscard]] bool lost() const noexcept { return lost_; }
  void gave_up() noexcept { lost_ = false; }

 private:
  void take(kafka::MembershipEvent& event);
  void missing_topics(std::string topics);

  const Clock& clock_;
  std::shared_ptr<Logger> logger_;  // the application's; shared by all its threads
  Options options_;
  std::optional<kafka::OwnedTasks> target_;
  bool lost_ = false;
  std::optional<Clock::Steady> missing_topics_since_;
};

}  // namespace moldau::inline v0::runtime
