#pragma once

#include "moldau/topology/plan.h"

#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::topology {

// The connected parts of the graph: nodes are connected by edges and by stores they share, not by
// topics. Numbered in the write order of their first nodes. Without co-partition groups.
[[nodiscard]] std::vector<SubtopologyPlan> connected_parts(const TopologyPlan& plan);

// True if a source of the part reads one of the topics.
[[nodiscard]] bool reads_any(const TopologyPlan& plan, const SubtopologyPlan& part,
                             std::span<const std::string> topics);

// Adds `topics` to the groups; groups that have a topic in common become one.
void merge_group(std::vector<std::vector<std::string>>& groups, std::vector<std::string> topics);

}  // namespace moldau::inline v0::topology
