#pragma once

#include "whole_run/kafka.h"
#include "whole_run/limit_source.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace benchmarks {

// The writing half of a yardstick: an idempotent producer, and the commit of what was read.
//
// With a transaction interval, offsets travel in the transaction; without, they are committed after
// a flush, every 30 s.
class LimitSink {
 public:
  LimitSink(LimitSource& source, std::optional<std::chrono::milliseconds> transaction_interval);

  [[nodiscard]] TopicHandle topic(const std::string& name) const {
    return make_topic(client_, name);
  }

  // Copies the bytes; waits while the queue is full.
  void send(rd_kafka_topic_t* topic, std::int32_t partition, std::span<const std::byte> key,
            std::span<const std::byte> value, std::int64_t timestamp);

  [[nodiscard]] bool commit_due() const;
  // How long the source may wait for records without making the next commit late.
  [[nodiscard]] std::chrono::milliseconds patience() const;

  // Commits what was taken from the source, and begins the next transaction unless this was the
  // last.
  void commit(bool last);

  // "commits=12 commit_ms_p50=3.4 commit_ms_max=8.9"
  [[nodiscard]] std::string commit_note() const;

 private:
  using Clock = std::chrono::steady_clock;

  void commit_transaction(rd_kafka_topic_partition_list_t* offsets, bool last);
  void flush_and_commit(rd_kafka_topic_partition_list_t* offsets);

  LimitSource& source_;
  bool transactional_;
  std::chrono::milliseconds interval_;
  Client client_;
  Clock::time_point last_commit_;
  std::vector<Clock::duration> commits_;
};

}  // namespace benchmarks
