#pragma once

#include "moldau/state/storage.h"

#include <rocksdb/options.h>

namespace moldau::inline v0::state {

// The options of every store of one Storage. What it holds is shared by them: one block cache that
// write buffers are charged to, so that the number of stores does not decide about memory.
[[nodiscard]] rocksdb::Options make_options(const StorageBudget& budget);

// What stores rely on, whatever else is asked for.
void set_what_stores_rely_on(rocksdb::Options& options);

}  // namespace moldau::inline v0::state
