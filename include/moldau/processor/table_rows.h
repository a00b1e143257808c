#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_bytes_store.h"

#include <cstddef>
#include <optional>
#include <string>

namespace moldau::inline v0::processor {

// A row as its store keeps it: 8 bytes of time, big-endian, then the value.
inline constexpr std::size_t row_time_size = 8;
[[nodiscard]] MOLDAU_EXPORT Timestamp time_of_row(Bytes row);
[[nodiscard]] inline Bytes value_of_row(Bytes row) { return row.without_first(row_time_size); }

// The rows of a table, as bytes. Owned by the table's node; knows no types and keeps its buffers,
// so that a record costs no allocation once they have grown.
class MOLDAU_EXPORT TableRows {
 public:
  // Throws TopologyError if the task's store of that name is not a key-value store.
  void open(TaskContext& context, const std::string& store);
  [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr; }

  // Has `listener` told about what the store's cache held back. Nothing for a store without a
  // cache.
  void listen(state::FlushListener& listener, bool wants_old_values);
  // True if write() and erase() only mark the cache, so that the listener forwards.
  [[nodiscard]] bool cached() const noexcept { return cached_; }

  // The key that the calls below are about: emptied here, filled by the caller.
  [[nodiscard]] ByteBuffer& start_key();

  // Reads the row. False if there is none.
  bool read();
  // Of the row last read. REQUIRES: read() said true, and start_row() has not been called since.
  [[nodiscard]] Timestamp time() const { return time_of_row(row_); }
  [[nodiscard]] Bytes value() const { return value_of_row(row_); }

  // Begins a row of that time: the caller appends the value.
  [[nodiscard]] ByteBuffer& start_row(Timestamp time);
  void write(const RecordContext& context);
  void erase(const RecordContext& context);

 private:
  state::KeyValueBytesStore* store_ = nullptr;
  bool cached_ = false;
  ByteBuffer key_;
  ByteBuffer row_;
};

// Says in the log that a table's updates come out of order: at the first one, then whenever their
// number has doubled. They are applied all the same, as in the reference.
class MOLDAU_EXPORT OutOfOrderReport {
 public:
  void count(TaskContext& context, const Node& node, Timestamp row, Timestamp record);

 private:
  std::uint64_t count_ = 0;
};

}  // namespace moldau::inline v0::processor
