#pragma once

#include "whole_run/kafka.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace benchmarks {

// The reading half of a yardstick: a subscribed consumer whose queue is read in batches.
class LimitSource {
 public:
  explicit LimitSource(std::string topic);

  // Calls `handle` for each record of one batch, waiting at most `wait` for the first. Returns how
  // many there were.
  template <class F>
  std::size_t take(std::chrono::milliseconds wait, F&& handle) {
    const std::size_t count = fill(wait);
    std::size_t records = 0;
    for (std::size_t i = 0; i < count; ++i) {
      rd_kafka_message_t* message = batch_[i];
      if (is_record(*message)) {
        ++records;
        handle(*message);
      }
      rd_kafka_message_destroy(message);
    }
    return records;
  }

  // The positions behind what was taken since the last call; null if nothing was.
  [[nodiscard]] PartitionList take_offsets();

  [[nodiscard]] rd_kafka_t* handle() const noexcept { return client_.get(); }

 private:
  // A batch call waits until the batch is full or its time is over, so it never waits; one
  // blocking call for a single message does.
  std::size_t fill(std::chrono::milliseconds wait);
  bool is_record(const rd_kafka_message_t& message);

  std::string topic_;
  Client client_;
  QueueHandle queue_;
  std::vector<rd_kafka_message_t*> batch_;
  std::vector<std::int64_t> next_;  // by partition; negative: nothing taken
};

// The time a record carries, in milliseconds.
[[nodiscard]] std::int64_t timestamp_of(const rd_kafka_message_t& message);

}  // namespace benchmarks
