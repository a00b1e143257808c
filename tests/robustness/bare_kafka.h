#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct rd_kafka_s;

// Kafka as the checking programs see it: librdkafka and nothing of the library that is being
// checked. Everything throws std::runtime_error with what librdkafka says. One thread.
namespace robustness {

using Settings = std::map<std::string, std::string>;

struct Destroy {
  void operator()(rd_kafka_s* handle) const noexcept;
};
using Handle = std::unique_ptr<rd_kafka_s, Destroy>;

// What became of the records that a producer sent. Changes while the producer is polled or flushed.
struct Deliveries {
  std::uint64_t acknowledged = 0;
  std::string error;  // of the first record that failed
  // Told of each record, with the opaque that it was sent with; empty error: acknowledged.
  std::function<void(void* opaque, const std::string& error)> each = {};
};

// `deliveries`, if given, must outlive the producer.
[[nodiscard]] Handle make_producer(const Settings& settings, Deliveries* deliveries = nullptr);
[[nodiscard]] Handle make_consumer(const Settings& settings);

struct NewTopic {
  std::string name;
  std::int32_t partitions = 1;
};

// Makes topics that do not exist yet, and waits until the broker knows them.
void create_topics(const std::string& brokers, const std::vector<NewTopic>& topics);
// Deletes those of the topics that exist.
void delete_topics(const std::string& brokers, const std::vector<std::string>& topics);

struct Record {
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp = 0;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  // As text: `name=value`, in order.
  std::vector<std::string> headers;
};

struct LogRange {
  std::int64_t start = 0;
  std::int64_t end = 0;
  // Everything before is decided: committed or aborted.
  std::int64_t last_stable = 0;

  [[nodiscard]] bool open_transaction() const noexcept { return last_stable < end; }
};

struct Committed {
  std::int64_t offset = 0;
  std::string metadata;
};

// Looks at topics and at a group's offsets.
class Reader {
 public:
  // `group` is whose offsets committed() tells; the reader never joins it.
  Reader(const std::string& brokers, const std::string& group);

  [[nodiscard]] std::int32_t partitions(const std::string& topic) const;
  [[nodiscard]] LogRange range(const std::string& topic, std::int32_t partition) const;

  // What the group has committed; nullopt if nothing. Waits while a transaction is about to change
  // it.
  [[nodiscard]] std::optional<Committed> committed(const std::string& topic,
                                                   std::int32_t partition) const;

  // Calls `seen` for every committed record of a partition from `from` (default: the start) to the
  // log's present end, in order; what it gets is valid during the call.
  void read(const std::string& topic, std::int32_t partition,
            const std::function<void(const Record&)>& seen,
            std::optional<std::int64_t> from = std::nullopt) const;
  // All partitions, one after the other.
  void read_all(const std::string& topic, const std::function<void(const Record&)>& seen) const;

 private:
  Settings settings_;
  Handle committed_;
  Handle uncommitted_;
};

}  // namespace robustness
