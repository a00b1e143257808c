#include "moldau/processor/table_rows.h"

#include "moldau/base/error.h"
#include "moldau/processor/node.h"

#include <bit>
#include <cstdint>
#include <string>

namespace moldau::inline v0::processor {

void TableRows::open(TaskContext& context, const std::string& store, bool versioned) {
  if (versioned) return versions_.open(context.store(store));
  store_ = dynamic_cast<state::KeyValueBytesStore*>(&context.store(store));
  if (store_ == nullptr) {
    throw TopologyError("store \"" + store + "\" is not a key-value store: a table cannot use it");
  }
  format_ = RowFormat{store_->spec().layout};
}

void TableRows::listen(state::FlushListener& listener, bool wants_old_values) {
  cached_ = store_ != nullptr && store_->cached();
  if (cached_) store_->set_flush_listener(listener, wants_old_values);
}

ByteBuffer& TableRows::start_key() {
  key_.clear();
  return key_;
}

bool TableRows::read() {
  if (versions_.is_open()) return found(versions_.get(key_, row_));
  return store_->get(key_, row_);
}

bool TableRows::read_at(Timestamp at) { return found(versions_.get(key_, at, row_)); }

bool TableRows::found(const std::optional<state::Version>& version) {
  if (version) version_time_ = version->from;
  return version.has_value();
}

ByteBuffer& TableRows::start_row(Timestamp time) {
  if (versions_.is_open()) {
    row_.clear();
    version_time_ = time;
    return row_;
  }
  format_.start(row_, time);
  return row_;
}

TableRows::Stored TableRows::write(const RecordContext& context) {
  if (versions_.is_open()) return put_version(row_.bytes(), version_time_, context);
  store_->put(key_, row_.bytes(), context);
  return {};
}

TableRows::Stored TableRows::erase(Timestamp time, const RecordContext& context) {
  if (versions_.is_open()) return put_version(std::nullopt, time, context);
  store_->put(key_, std::nullopt, context);
  return {};
}

TableRows::Stored TableRows::put_version(std::optional<Bytes> value, Timestamp from,
                                         const RecordContext& context) {
  const state::VersionedRows::Put put = versions_.put(key_, value, from, context);
  return {.accepted = put.accepted, .latest = !put.until};
}

void OutOfOrderReport::count(TaskContext& context, const Node& node, Timestamp row,
                             Timestamp record) {
  if (!std::has_single_bit(++count_)) return;
  if (!context.logger().enabled(LogLevel::warning)) return;
  const RecordMetadata& from = context.metadata();
  context.logger().warning(
      "task " + to_string(context.task()) + ", table \"" + node.name() + "\": an update at " +
      std::to_string(record.milliseconds()) + " comes after one at " +
      std::to_string(row.milliseconds()) + " and replaces it (" + std::string{from.topic} + "-" +
      std::to_string(from.partition.value()) + " offset " + std::to_string(from.offset.value()) +
      "); " + std::to_string(count_) + " such updates so far");
}

}  // namespace moldau::inline v0::processor
