#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/state/store_spec.h"

#include "topology/names.h"

#include <string>
#include <string_view>

namespace moldau::inline v0::dsl {

// The store of a table, under the name given, or a generated one that uses up a number.
[[nodiscard]] state::StoreSpec make_store_spec(const StoreOptions& options,
                                               topology::NameGenerator& names,
                                               std::string_view prefix);

}  // namespace moldau::inline v0::dsl
