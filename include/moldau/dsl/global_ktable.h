#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/processor/global_table_view.h"
#include "moldau/serde/serde.h"

#include <string>
#include <utility>

namespace moldau::inline v0 {

namespace dsl {
struct Joins;
}

// A topic as a table that every instance of the application has in full: for joins with records of
// any key, without repartitioning. Costs its size in each instance, and is not aligned in time with
// streams: a join sees what has been loaded. Take a KTable for what is large or what must be joined
// by time.
//
// Cheap to copy. See StreamsBuilder::global_table().
template <class K, class V>
class GlobalKTable {
 public:
  using key_type = K;
  using value_type = V;

  // The name of its store, under which processors open it too.
  [[nodiscard]] const std::string& store_name() const noexcept { return handle_.store_name(); }

 private:
  friend class StreamsBuilder;
  friend struct dsl::Joins;

  GlobalKTable(dsl::GlobalTableHandle handle, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : handle_(std::move(handle)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {}

  // For a node that looks its rows up.
  [[nodiscard]] processor::GlobalTableView<K, V> view() const {
    return {handle_.store_name(), key_serde_, value_serde_};
  }

  dsl::GlobalTableHandle handle_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
};

}  // namespace moldau::inline v0
