#include "kafka/rdkafka/reaper.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

constexpr std::chrono::milliseconds look_again{5};
constexpr std::chrono::milliseconds patience{5'000};

}  // namespace

// The end of one client, as a worker.
class Reaper::Ending final : public Worker {
 public:
  Ending(std::unique_ptr<Client> client, std::unique_ptr<BackgroundCall> last_call)
      : client_(std::move(client)), last_call_(std::move(last_call)) {}

  std::optional<Clock::Steady> step(std::chrono::milliseconds /*may_block*/) override {
    last_call_.reset();
    // The messages point into the client's memory.
    if (client_->messages_out().load() > 0) {
      return std::chrono::steady_clock::now() + look_again;
    }
    client_.reset();
    return std::nullopt;
  }

 private:
  std::unique_ptr<Client> client_;
  std::unique_ptr<BackgroundCall> last_call_;
};

Reaper::Reaper(Workers& workers, std::shared_ptr<Logger> logger)
    : workers_(workers), logger_(std::move(logger)) {}

Reaper::~Reaper() {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (Entry& entry : endings_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (entry.handle->join(std::max(left, std::chrono::milliseconds::zero()))) continue;
    logger_->warning(
        "a Kafka client does not end (records of it are still in use, or a defect of librdkafka); "
        "its threads and memory are left behind");
    // Both: the thread goes on using the worker.
    static_cast<void>(entry.handle.release());
    static_cast<void>(entry.ending.release());
  }
}

void Reaper::end(std::unique_ptr<Client> client, std::unique_ptr<BackgroundCall> last_call) {
  const std::lock_guard lock{mutex_};
  forget_finished();
  Entry entry;
  entry.ending = std::make_unique<Ending>(std::move(client), std::move(last_call));
  entry.handle = workers_.start(*entry.ending, "kafka-reaper");
  endings_.push_back(std::move(entry));
}

void Reaper::forget_finished() {
  std::erase_if(endings_, [](const Entry& entry) { return entry.handle->finished(); });
}

}  // namespace moldau::inline v0::kafka::rdkafka
