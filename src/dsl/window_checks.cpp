#include "dsl/window_checks.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0::dsl {

void check_windows(std::string_view op, const StoreOptions& store, const WindowPlan& windows) {
  const std::string name = '"' + std::string{op} + "\": ";
  if (!windows.problem.empty()) throw TopologyError(name + windows.problem);
  if (windows.final_results && !windows.no_final_results.empty()) {
    throw TopologyError(name + "EmitStrategy::on_window_close is not possible here: " +
                        windows.no_final_results + "; use EmitStrategy::on_window_update");
  }
  if (store.retention && *store.retention < windows.times.retention) {
    throw TopologyError(name + "its windows are kept for " +
                        std::to_string(store.retention->count()) + " ms, but are needed for " +
                        std::to_string(windows.times.retention.count()) +
                        " ms: raise Materialized::retention, or leave it out");
  }
}

topology::WindowClosing closing_of(const WindowPlan& windows) {
  return {.grace = windows.times.grace, .end_belongs = windows.times.end_belongs};
}

}  // namespace moldau::inline v0::dsl
