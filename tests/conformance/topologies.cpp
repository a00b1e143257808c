#include "conformance/topologies.h"

namespace moldau::conformance {

const Topologies& topologies() {
  static const Topologies all = [] {
    Topologies built;
    add_stateless(built);
    add_serdes_time_and_errors(built);
    add_aggregations(built);
    add_tables(built);
    return built;
  }();
  return all;
}

}  // namespace moldau::conformance
