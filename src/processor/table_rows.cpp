#include "moldau/processor/table_rows.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"
#include "moldau/processor/node.h"

#include <bit>
#include <cstdint>
#include <string>

namespace moldau::inline v0::processor {

Timestamp time_of_row(Bytes row) { return Timestamp{load_big_endian<std::int64_t>(row.data())}; }

void TableRows::open(TaskContext& context, const std::string& store) {
  store_ = dynamic_cast<state::KeyValueBytesStore*>(&context.store(store));
  if (store_ == nullptr) {
    throw TopologyError("store \"" + store + "\" is not a key-value store: a table cannot use it");
  }
}

void TableRows::listen(state::FlushListener& listener, bool wants_old_values) {
  cached_ = store_->cached();
  if (cached_) store_->set_flush_listener(listener, wants_old_values);
}

ByteBuffer& TableRows::start_key() {
  key_.clear();
  return key_;
}

bool TableRows::read() { return store_->get(key_, row_); }

ByteBuffer& TableRows::start_row(Timestamp time) {
  row_.resize(row_time_size);
  store_big_endian(time.milliseconds(), row_.data());
  return row_;
}

void TableRows::write(const RecordContext& context) { store_->put(key_, row_.bytes(), context); }

void TableRows::erase(const RecordContext& context) { store_->put(key_, std::nullopt, context); }

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
