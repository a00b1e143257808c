#pragma once

#include "moldau/dsl/streams_builder.h"

#include <functional>
#include <map>
#include <string>

namespace moldau::test {

using Program = std::function<void(StreamsBuilder&)>;

// The programs of tests/golden/topologies.json that can be written so far, by name.
const std::map<std::string, Program>& golden_programs();

}  // namespace moldau::test
