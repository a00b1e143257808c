#pragma once

#include "moldau/serde/serde.h"
#include "moldau/state/store_serdes.h"

#include <typeindex>

namespace moldau::inline v0::processor {

// The types that become bytes at an operator, and whether there is a way to do that. Kept by the
// plan, so that a missing serde is found when the topology is built and named together with the
// operator.
struct BoundaryTypes {
  std::type_index key;
  std::type_index value;
  bool key_serde_missing;
  bool value_serde_missing;
  // Set by operators that keep what others may open by name.
  state::StoreSerdesPtr serdes = nullptr;

  template <class K, class V>
  static BoundaryTypes of(const AnySerde<K>& key_serde, const AnySerde<V>& value_serde) {
    return {typeid(K), typeid(V), key_serde.missing(), value_serde.missing()};
  }
};

}  // namespace moldau::inline v0::processor
