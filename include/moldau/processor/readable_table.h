#pragma once

#include "moldau/base/timestamp.h"

namespace moldau::inline v0::processor {

// A table whose rows can be looked up by key, by the nodes of the task that has it: from its store,
// or computed from the nearest table above that has one. One thread.
template <class K, class V>
class ReadableTable {
 public:
  // Reads a row into `value` and its time into `time`. False, and both of no meaning, if there is
  // no such row. REQUIRES: can_be_read().
  virtual bool read(const K& key, V& value, Timestamp& time) = 0;
  [[nodiscard]] virtual bool can_be_read() const = 0;

 protected:
  ~ReadableTable() = default;
};

// A table that also knows what its rows were: its store, or that of the table it is computed from,
// is a versioned one.
template <class K, class V>
class VersionedTable {
 public:
  // Reads the row as it was at a time into `value`, and since when it was so into `time`. False,
  // and both of no meaning, if there was no such row, or if the history does not reach back so far.
  // REQUIRES: has_history().
  virtual bool read_at(const K& key, Timestamp at, V& value, Timestamp& time) = 0;
  // A node may have this interface without a versioned store behind it.
  [[nodiscard]] virtual bool has_history() const = 0;

 protected:
  ~VersionedTable() = default;
};

}  // namespace moldau::inline v0::processor
