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

}  // namespace moldau::inline v0::processor
