#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/fwd.h"
#include "moldau/serde/serde.h"

#include <utility>

namespace moldau::inline v0::dsl {

// Makes the tables that operators outside KTable's own header return.
struct MakeTable {
  template <class K, class V>
  static KTable<K, V> from(TableHandle handle, AnySerde<K> key_serde, AnySerde<V> value_serde) {
    return {std::move(handle), std::move(key_serde), std::move(value_serde)};
  }
};

}  // namespace moldau::inline v0::dsl
