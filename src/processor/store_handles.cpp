#include "moldau/processor/store_handles.h"

#include "moldau/base/error.h"
#include "moldau/processor/node.h"

#include <string>

namespace moldau::inline v0::processor {

void check_store_types(std::string_view opener, const OpenedStore& opened, std::type_index key,
                       std::type_index value) {
  const state::StoreSerdes* serdes = opened.serdes;
  if (serdes == nullptr || (serdes->key_type() == key && serdes->value_type() == value)) return;
  throw TopologyError(
      std::string{opener} + " opens the store \"" + std::string{opened.store.name()} + "\" as <" +
      readable_type(key) + ", " + readable_type(value) + ">, but it holds <" +
      readable_type(serdes->key_type()) + ", " + readable_type(serdes->value_type()) + ">");
}

}  // namespace moldau::inline v0::processor
