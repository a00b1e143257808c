#pragma once

#include "moldau/export.h"
#include "moldau/streams/config.h"
#include "moldau/topology/topology.h"

#include <string>
#include <vector>

namespace moldau::inline v0::streams {

// What the configuration asks of the topology, although it was built without: it would change names
// of topics and stores, so it must not be found out later. Empty if there is nothing.
[[nodiscard]] MOLDAU_TESTING_EXPORT std::vector<std::string> built_without(const Topology& topology,
                                                                           const Config& config);

}  // namespace moldau::inline v0::streams
