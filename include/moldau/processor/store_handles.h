#pragma once

#include "moldau/export.h"
#include "moldau/serde/serde.h"
#include "moldau/state/state_store.h"
#include "moldau/state/store_serdes.h"
#include "moldau/state/write_context.h"

#include <string_view>
#include <typeindex>

namespace moldau::inline v0::processor {

// A store with the serdes it was described with; null if they are not known.
struct OpenedStore {
  state::StateStore& store;
  const state::StoreSerdes* serdes;
};

// Throws TopologyError, saying that `opener` is wrong, if the store holds other types.
MOLDAU_EXPORT void check_store_types(std::string_view opener, const OpenedStore& opened,
                                     std::type_index key, std::type_index value);

// A typed handle. Throws TopologyError as check_store_types(), and if the store is of another kind.
template <class Handle, class K, class V>
Handle make_store_handle(std::string_view opener, const OpenedStore& opened,
                         const state::WriteContext& writer) {
  check_store_types(opener, opened, typeid(K), typeid(V));
  if (opened.serdes == nullptr) {
    return Handle{opened.store, AnySerde<K>{}, AnySerde<V>{}, writer};
  }
  const auto& serdes = static_cast<const state::StoreSerdesOf<K, V>&>(*opened.serdes);
  return Handle{opened.store, serdes.key, serdes.value, writer};
}

}  // namespace moldau::inline v0::processor
