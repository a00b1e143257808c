#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/processor/readable_table.h"
#include "moldau/processor/table_rows.h"
#include "moldau/processor/task_context.h"
#include "moldau/serde/serde.h"

#include <string>
#include <utility>

namespace moldau::inline v0::processor {

// The rows of a global table, for one node of a stream task that looks rows up. The rows are the
// application's, loaded by the global thread meanwhile; the buffers are this object's. Copies made
// before open() are what a node's definition holds.
template <class K, class V>
class GlobalTableView final : public ReadableTable<K, V> {
 public:
  GlobalTableView(std::string store, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : store_(std::move(store)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  // In the node's init().
  void open(TaskContext& context) { rows_.open(context, store_); }

  bool read(const K& key, V& value, Timestamp& time) override {
    if (!key_serde_.serialize(key, rows_.start_key()) || !rows_.read()) return false;
    value_serde_.deserialize(rows_.value(), value);
    time = rows_.time();
    return true;
  }
  [[nodiscard]] bool can_be_read() const override { return rows_.is_open(); }

 private:
  std::string store_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  TableRows rows_;
};

}  // namespace moldau::inline v0::processor
