#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/dsl/windows.h"

#include "topology/graph.h"

#include <string_view>

namespace moldau::inline v0::dsl {

// Throws TopologyError naming the operator if the windows cannot be, or are not kept long enough.
void check_windows(std::string_view op, const StoreOptions& store, const WindowPlan& windows);

[[nodiscard]] topology::WindowClosing closing_of(const WindowPlan& windows);

}  // namespace moldau::inline v0::dsl
