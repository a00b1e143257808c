#include "dsl/store_specs.h"

#include "moldau/base/error.h"
#include "moldau/dsl/windows.h"

#include <string>

namespace moldau::inline v0::dsl {

namespace {

void set_segment_interval(state::StoreSpec& spec, const StoreOptions& options) {
  if (!options.segment_interval) return;
  if (options.segment_interval->count() <= 0) {
    throw TopologyError("store \"" + spec.name + "\" has segments of " +
                        std::to_string(options.segment_interval->count()) +
                        " ms: they must be longer than 0");
  }
  spec.segment_interval = *options.segment_interval;
}

}  // namespace

state::StoreSpec make_store_spec(const StoreOptions& options, topology::NameGenerator& names,
                                 std::string_view prefix) {
  const bool named = !options.name.empty();
  if (named) topology::check_name("store", options.name);
  return {.name = named ? options.name : names.next_store(prefix),
          .type = options.type,
          .layout = state::ValueLayout::timestamped,
          .caching = options.caching,
          .logging = options.logging,
          .changelog_config = options.changelog_config,
          .explicitly_named = named,
          .of_table = true};
}

state::StoreSpec make_table_spec(const StoreOptions& options, topology::NameGenerator& names,
                                 std::string_view prefix) {
  state::StoreSpec spec = make_store_spec(options, names, prefix);
  if (options.retention) {
    throw TopologyError("store \"" + spec.name +
                        "\" has a retention, but its rows have no windows: rows of other tables "
                        "stay until they are deleted. Leave .retention out; .history is how far "
                        "back a versioned store knows its rows");
  }
  if (!options.history) return spec;
  if (options.history->count() < 0) {
    throw TopologyError("store \"" + spec.name + "\" has a history of " +
                        std::to_string(options.history->count()) + " ms: it must be 0 or more");
  }
  spec.kind = state::StoreKind::versioned;
  spec.retention = *options.history;
  set_segment_interval(spec, options);
  spec.caching = false;  // every version counts
  return spec;
}

state::StoreSpec make_windowed_spec(const StoreOptions& options, topology::NameGenerator& names,
                                    std::string_view prefix, const WindowPlan& windows) {
  state::StoreSpec spec = make_store_spec(options, names, prefix);
  if (options.history) {
    throw TopologyError("store \"" + spec.name +
                        "\" has a history, but its rows have windows: leave .history out; "
                        ".retention is how long windows can be looked up");
  }
  spec.kind = windows.kind;
  // A session's time is its end, which is in its key.
  if (windows.kind == state::StoreKind::session) spec.layout = state::ValueLayout::plain;
  spec.retention = windows.times_kept(options.retention).retention;
  spec.linger = windows.linger;
  set_segment_interval(spec, options);
  spec.window_size = windows.times.length;
  spec.time_index = windows.final_results;
  // As in the reference, which caches the final results of windows that lie fixed on the time line.
  if (windows.final_results && windows.assigner == nullptr) spec.caching = false;
  return spec;
}

bool asks_for_store(const state::StoreSpec& spec) {
  return spec.explicitly_named || spec.kind == state::StoreKind::versioned;
}

}  // namespace moldau::inline v0::dsl
