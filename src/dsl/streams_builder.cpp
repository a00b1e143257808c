#include "moldau/dsl/streams_builder.h"

#include "topology/graph.h"
#include "topology/lowering.h"

namespace moldau::inline v0 {

StreamsBuilder::StreamsBuilder() : graph_(std::make_shared<topology::Graph>()) {}
StreamsBuilder::~StreamsBuilder() = default;

Topology StreamsBuilder::build(const TopologyConfig& config) const {
  return topology::build_topology(*graph_, config);
}

}  // namespace moldau::inline v0
