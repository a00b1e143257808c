#pragma once

#include "moldau/dsl/streams_builder.h"

#include <functional>
#include <map>
#include <string>

namespace moldau::test {

using Program = std::function<void(StreamsBuilder&)>;
using Programs = std::map<std::string, Program>;

// The programs of tests/golden/topologies.json by name.
const Programs& golden_programs();

// Those that are about tables and windows.
void add_table_programs(Programs& all);

// Those with processors of a user's.
void add_processor_programs(Programs& all);

}  // namespace moldau::test
