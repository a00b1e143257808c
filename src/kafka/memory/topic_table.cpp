#include "kafka/memory/topic_table.h"

#include "kafka/memory/refusals.h"

#include <array>
#include <charconv>
#include <utility>

namespace moldau::inline v0::kafka::memory {

namespace {

constexpr std::chrono::hours default_delete_retention{24};
constexpr std::size_t default_max_record_bytes = 1'048'588;
constexpr std::size_t longest_name = 249;
// What a record's batch adds to its bytes, about.
constexpr std::size_t record_overhead = 70;

Status bad_setting(const NewTopic& topic, const std::string& name, const std::string& expected) {
  return Status::permanent(ErrorCode::invalid_request, "topic \"" + topic.name + "\": " + name +
                                                           " is \"" + topic.config.at(name) +
                                                           "\", expected " + expected);
}

template <class T>
std::optional<T> parse(const std::string& text) {
  T value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || stop != text.data() + text.size()) return {};
  return value;
}

Status read_cleanup_policy(const NewTopic& topic, const std::string& value, TopicPolicy& policy) {
  policy.compacts = value.find("compact") != std::string::npos;
  policy.deletes = value.find("delete") != std::string::npos;
  for (const char* valid : {"compact", "delete", "compact,delete", "delete,compact"}) {
    if (value == valid) return {};
  }
  return bad_setting(topic, "cleanup.policy", "compact, delete or both with a comma");
}

Status read_setting(const NewTopic& topic, const std::string& name, const std::string& value,
                    TopicPolicy& policy) {
  if (name == "cleanup.policy") return read_cleanup_policy(topic, value, policy);
  if (name == "message.timestamp.type") {
    policy.log_append_time = value == "LogAppendTime";
    if (value == "LogAppendTime" || value == "CreateTime") return {};
    return bad_setting(topic, name, "CreateTime or LogAppendTime");
  }
  if (name == "min.cleanable.dirty.ratio") {
    const std::optional<double> ratio = parse<double>(value);
    if (!ratio || *ratio < 0 || *ratio > 1) return bad_setting(topic, name, "a number from 0 to 1");
    policy.dirty_ratio = *ratio;
    return {};
  }
  if (name != "delete.retention.ms" && name != "retention.ms" && name != "max.message.bytes") {
    return {};
  }
  const std::optional<std::int64_t> number = parse<std::int64_t>(value);
  const std::int64_t least = name == "retention.ms" ? -1 : 0;
  if (!number || *number < least) return bad_setting(topic, name, "a whole number");
  if (name == "delete.retention.ms") policy.delete_retention = std::chrono::milliseconds{*number};
  if (name == "max.message.bytes") policy.max_record_bytes = static_cast<std::size_t>(*number);
  if (name == "retention.ms" && *number >= 0) policy.keeps = std::chrono::milliseconds{*number};
  return {};
}

Result<TopicPolicy> read_policy(const NewTopic& topic) {
  TopicPolicy policy;
  policy.delete_retention = default_delete_retention;
  policy.max_record_bytes = default_max_record_bytes;
  for (const auto& [name, value] : topic.config) {
    if (Status status = read_setting(topic, name, value, policy); !status) return status;
  }
  return policy;
}

Status check_name(const std::string& name) {
  const bool legal =
      !name.empty() && name != "." && name != ".." && name.size() <= longest_name &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
          std::string::npos;
  if (legal) return {};
  return Status::permanent(
      ErrorCode::invalid_request,
      "topic \"" + name + "\": a name has 1 to 249 letters, digits, '.', '_' and '-'");
}

std::size_t size_of(const LogEntry& record) {
  std::size_t size = record_overhead;
  if (record.key) size += record.key->size();
  if (record.value) size += record.value->size();
  for (const Header& header : record.headers) {
    size += header.key.size() + (header.value ? header.value->size() : 0);
  }
  return size;
}

}  // namespace

Status TopicTable::create(const NewTopic& topic) {
  if (Status status = check_name(topic.name); !status) return status;
  if (topics_.contains(topic.name)) {
    return Status::permanent(ErrorCode::already_exists,
                             "topic \"" + topic.name + "\" exists already");
  }
  if (topic.partitions < 1) {
    return Status::permanent(ErrorCode::invalid_request,
                             "topic \"" + topic.name + "\": a topic has at least one partition");
  }
  if (topic.replication > 1) {
    return Status::permanent(ErrorCode::invalid_request,
                             "topic \"" + topic.name +
                                 "\": there is one broker, so there is one "
                                 "replica");
  }
  Result<TopicPolicy> policy = read_policy(topic);
  if (!policy) return policy.error();
  ++revision_;
  topics_.emplace(
      topic.name,
      Topic{.name = topic.name,
            .id = "topic-" + std::to_string(revision_),
            .config = topic.config,
            .policy = *policy,
            .partitions = std::vector<PartitionLog>(static_cast<std::size_t>(topic.partitions))});
  return {};
}

Status TopicTable::remove(std::string_view name) {
  const auto found = topics_.find(name);
  if (found == topics_.end()) return unknown_topic("topic \"" + std::string{name} + "\"");
  topics_.erase(found);
  ++revision_;
  return {};
}

Topic* TopicTable::find(std::string_view name) {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

const Topic* TopicTable::find(std::string_view name) const {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

PartitionLog* TopicTable::find(const TopicPartition& partition) {
  Topic* topic = find(partition.topic);
  const std::int32_t index = partition.partition.value();
  if (topic == nullptr || index < 0 || index >= topic->partition_count()) return nullptr;
  return &topic->partitions[static_cast<std::size_t>(index)];
}

PartitionCounts TopicTable::partition_counts() const {
  return [this](const std::string& name) -> std::optional<std::int32_t> {
    const Topic* topic = find(name);
    if (topic == nullptr) return std::nullopt;
    return topic->partition_count();
  };
}

Result<Offset> TopicTable::append(const TopicPartition& partition, LogEntry record, Timestamp now) {
  PartitionLog* log = find(partition);
  if (log == nullptr) return unknown_topic("partition " + to_string(partition));
  Topic& topic = *find(partition.topic);
  if (size_of(record) > topic.policy.max_record_bytes) {
    return Status::permanent(ErrorCode::message_too_large,
                             "the record has " + std::to_string(size_of(record)) +
                                 " bytes, max.message.bytes of topic \"" + topic.name + "\" is " +
                                 std::to_string(topic.policy.max_record_bytes));
  }
  if (topic.policy.compacts && !record.key) {
    return Status::permanent(
        ErrorCode::invalid_request,
        "topic \"" + topic.name + "\" is compacted: it takes no records without a key");
  }
  if (topic.policy.log_append_time) record.timestamp = now;
  Result<Offset> offset = log->append(std::move(record));
  if (offset) clean_if_due(topic, *log, now);
  return offset;
}

void TopicTable::clean_if_due(Topic& topic, PartitionLog& log, Timestamp now) {
  if (log.dirty_entries() < compact_after_) return;
  const auto dirty = static_cast<double>(log.dirty_entries());
  const auto all = static_cast<double>(log.entries());
  if (!topic.policy.compacts || dirty >= topic.policy.dirty_ratio * all) {
    clean(topic.policy, log, now);
  }
}

void TopicTable::clean(Topic& topic, Timestamp now) {
  for (PartitionLog& log : topic.partitions) clean(topic.policy, log, now);
}

void TopicTable::clean(const TopicPolicy& policy, PartitionLog& log, Timestamp now) {
  if (policy.compacts) log.compact(now, policy.delete_retention);
  if (policy.deletes && policy.keeps) log.delete_older_than(now - *policy.keeps);
}

std::vector<std::string> TopicTable::names() const {
  std::vector<std::string> names;
  names.reserve(topics_.size());
  for (const auto& [name, topic] : topics_) names.push_back(name);
  return names;
}

}  // namespace moldau::inline v0::kafka::memory
