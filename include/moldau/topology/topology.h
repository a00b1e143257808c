#pragma once

#include "moldau/export.h"
#include "moldau/topology/plan.h"
#include "moldau/topology/topology_description.h"

#include <memory>
#include <string>
#include <utility>

namespace moldau::inline v0 {

// A finished topology: immutable, cheap to copy, good for any number of applications and test
// drivers. Made by StreamsBuilder::build().
class MOLDAU_EXPORT Topology {
 public:
  explicit Topology(std::shared_ptr<const topology::TopologyPlan> plan) : plan_(std::move(plan)) {}

  // The graph by sub-topologies. Its text is that of the reference, byte for byte, so the drawing
  // tools made for Kafka Streams read it.
  [[nodiscard]] TopologyDescription describe() const;

  [[nodiscard]] const topology::TopologyPlan& plan() const noexcept { return *plan_; }
  [[nodiscard]] std::shared_ptr<const topology::TopologyPlan> shared_plan() const noexcept {
    return plan_;
  }

 private:
  std::shared_ptr<const topology::TopologyPlan> plan_;  // shared with tasks and descriptions
};

}  // namespace moldau::inline v0
