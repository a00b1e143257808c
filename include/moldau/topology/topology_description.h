#pragma once

#include "moldau/base/ids.h"
#include "moldau/export.h"
#include "moldau/topology/plan.h"

#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0 {

// What describe() tells about one node. Lists are in the order in which the text shows them.
struct NodeDescription {
  std::string name;
  topology::NodeKind kind = topology::NodeKind::processor;
  std::vector<std::string> topics;  // source, and sink unless the topic is computed per record
  std::optional<std::string> pattern = {};  // of a source that reads all topics that match
  std::vector<std::string> stores;
  std::vector<std::string> successors;
  std::vector<std::string> predecessors;
};

struct SubtopologyDescription {
  SubtopologyId id;
  bool global_store = false;  // fills a global store; has no tasks
  std::vector<NodeDescription> nodes;
};

struct TopologyDescription {
  std::vector<SubtopologyDescription> subtopologies;

  // The reference's text (interop.md section 9).
  [[nodiscard]] MOLDAU_EXPORT std::string to_string() const;
};

}  // namespace moldau::inline v0
