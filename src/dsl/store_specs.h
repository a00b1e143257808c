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
// The same for a table whose keys have no windows: a versioned store if it is to have a history.
// Throws TopologyError if the options are for other tables.
[[nodiscard]] state::StoreSpec make_table_spec(const StoreOptions& options,
                                               topology::NameGenerator& names,
                                               std::string_view prefix);

// The same for a windowed table.
[[nodiscard]] state::StoreSpec make_windowed_spec(const StoreOptions& options,
                                                  topology::NameGenerator& names,
                                                  std::string_view prefix,
                                                  const WindowPlan& windows);

// True if the program wants the rows kept, whether or not something below reads them.
[[nodiscard]] bool asks_for_store(const state::StoreSpec& spec);

}  // namespace moldau::inline v0::dsl
