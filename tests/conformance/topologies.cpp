#include "conformance/topologies.h"

namespace moldau::conformance {

const Topologies& topologies() {
  static const Topologies all = [] {
    Topologies built;
    add_stateless(built);
    add_serdes_time_and_errors(built);
    add_aggregations(built);
    add_joins(built);
    add_tables(built);
    add_windows(built);
    add_regrouped_tables(built);
    add_versioned_tables(built);
    add_suppress(built);
    add_table_joins(built);
    add_processor_api(built);
    add_punctuations(built);
    add_optimized(built);
    add_store_formats(built);
    return built;
  }();
  return all;
}

}  // namespace moldau::conformance
