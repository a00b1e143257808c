#pragma once

#include "moldau/moldau.h"

#include <map>
#include <string_view>

namespace moldau::conformance {

// Builds one topology of TOPOLOGIES.md.
using BuildTopology = Topology (*)();
using Topologies = std::map<std::string_view, BuildTopology>;

void add_stateless(Topologies& all);
void add_serdes_time_and_errors(Topologies& all);
void add_aggregations(Topologies& all);
void add_joins(Topologies& all);
void add_tables(Topologies& all);
void add_windows(Topologies& all);
void add_regrouped_tables(Topologies& all);
void add_versioned_tables(Topologies& all);
void add_suppress(Topologies& all);
void add_table_joins(Topologies& all);
void add_processor_api(Topologies& all);
void add_punctuations(Topologies& all);
void add_optimized(Topologies& all);
void add_store_formats(Topologies& all);

// Every topology that can be built, by its id.
[[nodiscard]] const Topologies& topologies();

}  // namespace moldau::conformance
