#include "whole_run/limit_sink.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace benchmarks {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds at_least_once_interval{30'000};
constexpr int without_end = -1;
constexpr int flush_timeout_ms = 60'000;

Client make_producer(bool transactional) {
  Settings settings = producer_settings();
  if (transactional) settings.emplace("transactional.id", unique_id("limit"));
  return make_client(RD_KAFKA_PRODUCER, settings);
}

rd_kafka_vu_t bytes(rd_kafka_vtype_t type, std::span<const std::byte> data) {
  rd_kafka_vu_t argument{};
  argument.vtype = type;
  argument.u.mem.ptr = const_cast<std::byte*>(data.data());  // copied, not written to
  argument.u.mem.size = data.size();
  return argument;
}

double in_ms(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

LimitSink::LimitSink(LimitSource& source, std::optional<milliseconds> transaction_interval)
    : source_(source),
      transactional_(transaction_interval.has_value()),
      interval_(transaction_interval.value_or(at_least_once_interval)),
      client_(make_producer(transactional_)) {
  if (transactional_) {
    check(rd_kafka_init_transactions(client_.get(), without_end), "initialising transactions");
    check(rd_kafka_begin_transaction(client_.get()), "beginning a transaction");
  }
  last_commit_ = Clock::now();
}

void LimitSink::send(rd_kafka_topic_t* topic, std::int32_t partition,
                     std::span<const std::byte> key, std::span<const std::byte> value,
                     std::int64_t timestamp) {
  std::array<rd_kafka_vu_t, 6> arguments{};
  arguments[0].vtype = RD_KAFKA_VTYPE_RKT;
  arguments[0].u.rkt = topic;
  arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  arguments[1].u.i32 = partition;
  arguments[2] = bytes(RD_KAFKA_VTYPE_KEY, key);
  arguments[3] = bytes(RD_KAFKA_VTYPE_VALUE, value);
  arguments[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  arguments[4].u.i64 = timestamp;
  arguments[5].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  arguments[5].u.i = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_BLOCK;
  check(rd_kafka_produceva(client_.get(), arguments.data(), arguments.size()), "sending");
}

bool LimitSink::commit_due() const { return Clock::now() - last_commit_ >= interval_; }

milliseconds LimitSink::patience() const {
  return std::clamp(interval_ / 4, milliseconds{1}, milliseconds{10});
}

void LimitSink::commit(bool last) {
  const Clock::time_point start = Clock::now();
  if (const PartitionList offsets = source_.take_offsets()) {
    if (transactional_) {
      commit_transaction(offsets.get(), last);
    } else {
      flush_and_commit(offsets.get());
    }
    commits_.push_back(Clock::now() - start);
  }
  last_commit_ = Clock::now();
}

void LimitSink::commit_transaction(rd_kafka_topic_partition_list_t* offsets, bool last) {
  rd_kafka_consumer_group_metadata_t* group = rd_kafka_consumer_group_metadata(source_.handle());
  rd_kafka_error_t* error =
      rd_kafka_send_offsets_to_transaction(client_.get(), offsets, group, without_end);
  rd_kafka_consumer_group_metadata_destroy(group);
  check(error, "adding offsets to the transaction");
  check(rd_kafka_commit_transaction(client_.get(), without_end), "committing the transaction");
  if (!last) check(rd_kafka_begin_transaction(client_.get()), "beginning a transaction");
}

void LimitSink::flush_and_commit(rd_kafka_topic_partition_list_t* offsets) {
  check(rd_kafka_flush(client_.get(), flush_timeout_ms), "flushing");
  check(rd_kafka_commit(source_.handle(), offsets, 0), "committing offsets");
}

std::string LimitSink::commit_note() const {
  if (commits_.empty()) return "commits=0";
  std::vector<Clock::duration> sorted = commits_;
  std::ranges::sort(sorted);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "commits=%zu commit_ms_p50=%.1f commit_ms_max=%.1f",
                sorted.size(), in_ms(sorted[sorted.size() / 2]), in_ms(sorted.back()));
  return text.data();
}

}  // namespace benchmarks
