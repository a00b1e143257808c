#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/row_format.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/versioned_rows.h"

#include <cstdint>
#include <optional>
#include <string>

namespace moldau::inline v0::processor {

// The rows of a table, as bytes. Owned by the table's node; knows no types and keeps its buffers,
// so that a record costs no allocation once they have grown.
class MOLDAU_EXPORT TableRows {
 public:
  // Throws TopologyError if the task's store of that name is not a key-value store, or not a
  // versioned one where one is asked for.
  void open(TaskContext& context, const std::string& store, bool versioned = false);
  [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr || versions_.is_open(); }

  // Has `listener` told about what the store's cache held back. Nothing for a store without a
  // cache.
  void listen(state::FlushListener& listener, bool wants_old_values);
  // True if write() and erase() only mark the cache, so that the listener forwards.
  [[nodiscard]] bool cached() const noexcept { return cached_; }
  // Of the rows that the listener is told about.
  [[nodiscard]] const RowFormat& format() const noexcept { return format_; }

  // The key that the calls below are about: emptied here, filled by the caller.
  [[nodiscard]] ByteBuffer& start_key();

  // Reads the row; of a versioned store, the latest version. False if there is none.
  bool read();
  // Reads the row as it was at that time. REQUIRES: the store is a versioned one.
  bool read_at(Timestamp at);
  // Of the row last read. REQUIRES: that there was one, and start_row() has not been called since.
  [[nodiscard]] Timestamp time() const {
    return versions_.is_open() ? version_time_ : format_.time(row_);
  }
  [[nodiscard]] Bytes value() const {
    return versions_.is_open() ? row_.bytes() : format_.value(row_);
  }

  // What became of a row that was to be stored.
  struct Stored {
    bool accepted = true;  // false: a versioned store does not reach back so far
    bool latest = true;    // false: a versioned store has later ones
  };
  // Begins a row of that time: the caller appends the value.
  [[nodiscard]] ByteBuffer& start_row(Timestamp time);
  Stored write(const RecordContext& context);
  // Deletes the row; `time` says since when there is none, which matters to a versioned store.
  Stored erase(Timestamp time, const RecordContext& context);

 private:
  bool found(const std::optional<state::Version>& version);
  Stored put_version(std::optional<Bytes> value, Timestamp from, const RecordContext& context);

  state::KeyValueBytesStore* store_ = nullptr;
  state::VersionedRows versions_;  // open instead of that, if the store is a versioned one
  bool cached_ = false;
  RowFormat format_;
  ByteBuffer key_;
  ByteBuffer row_;  // a version's value if the store is a versioned one
  Timestamp version_time_;
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
