#pragma once

#include "moldau/state/state_store.h"
#include "moldau/testing/topology_test_driver.h"

#include <vector>

namespace moldau::inline v0::testing {

// Everything that can be read from a store: by key bytes, then by the start of the window and its
// end, or by the time of the version; duplicates in the order they were put. Throws Error for a
// buffer.
[[nodiscard]] std::vector<StoreEntry> dump_store(state::StateStore& store);

}  // namespace moldau::inline v0::testing
