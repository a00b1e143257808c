#include "moldau/base/assert.h"
#include "moldau/topology/topology.h"
#include "moldau/topology/topology_description.h"

#include "topology/reference_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

namespace {

using topology::NodeKind;
using topology::NodeSpec;

// Draws the arrows of one sub-topology in the reference's order (interop.md section 9), which is
// the order of sets filled while the sizes they are sorted by still grow.
class Arrows {
 public:
  explicit Arrows(const std::vector<const NodeSpec*>& nodes)
      : nodes_(nodes), sizes_(nodes.size(), 1) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      index_.emplace(nodes[i]->name, i);
      predecessors_.emplace_back(compare_);
      successors_.emplace_back(compare_);
    }
    for (const std::size_t node : connecting_order()) connect(node);
  }
  Arrows(const Arrows&) = delete;
  Arrows& operator=(const Arrows&) = delete;

  // Node indices, largest subtree first.
  [[nodiscard]] std::vector<std::size_t> nodes() const {
    std::vector<std::size_t> order(nodes_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, [this](std::size_t a, std::size_t b) { return compare_(a, b) < 0; });
    return order;
  }
  [[nodiscard]] std::vector<std::string> predecessors(std::size_t node) const {
    return names(predecessors_[node].in_order());
  }
  [[nodiscard]] std::vector<std::string> successors(std::size_t node) const {
    return names(successors_[node].in_order());
  }

 private:
  [[nodiscard]] std::vector<std::size_t> connecting_order() const {
    std::vector<std::string> names;
    names.reserve(nodes_.size());
    for (const NodeSpec* node : nodes_) names.push_back(node->name);
    std::vector<std::size_t> order;
    order.reserve(nodes_.size());
    for (const std::string& name : topology::hash_set_order(topology::hash_set_order(names))) {
      order.push_back(index_.at(name));
    }
    return order;
  }

  void connect(std::size_t node) {
    for (const std::string& name : nodes_[node]->parents) {
      const std::size_t parent = index_.at(name);
      predecessors_[node].insert(parent);
      successors_[parent].insert(node);
      grow(parent, sizes_[node]);
    }
  }

  void grow(std::size_t node, std::uint32_t by) {
    sizes_[node] += by;
    for (const std::size_t parent : predecessors_[node].in_order()) grow(parent, by);
  }

  [[nodiscard]] std::vector<std::string> names(const std::vector<std::size_t>& nodes) const {
    std::vector<std::string> result;
    result.reserve(nodes.size());
    for (const std::size_t node : nodes) result.push_back(nodes_[node]->name);
    return result;
  }

  const std::vector<const NodeSpec*>& nodes_;
  std::vector<std::uint32_t> sizes_;  // number of paths that start at a node; wraps as Java's int
  std::unordered_map<std::string_view, std::size_t> index_;
  topology::TreeSet::Compare compare_ = [this](std::size_t a, std::size_t b) {
    if (a == b) return 0;
    if (sizes_[a] != sizes_[b]) return static_cast<std::int32_t>(sizes_[b] - sizes_[a]);
    return nodes_[a]->name.compare(nodes_[b]->name);
  };
  std::vector<topology::TreeSet> predecessors_;
  std::vector<topology::TreeSet> successors_;
};

SubtopologyDescription describe_part(const topology::TopologyPlan& plan,
                                     const topology::SubtopologyPlan& part) {
  std::vector<const NodeSpec*> nodes;
  nodes.reserve(part.nodes.size());
  for (const std::size_t index : part.nodes) nodes.push_back(&plan.nodes[index]);
  const Arrows arrows{nodes};
  SubtopologyDescription description{.id = part.id, .global_store = part.global, .nodes = {}};
  for (const std::size_t index : arrows.nodes()) {
    const NodeSpec& node = *nodes[index];
    description.nodes.push_back({.name = node.name,
                                 .kind = node.kind,
                                 .topics = topology::copied_hash_set_order(node.topics),
                                 .pattern = node.pattern,
                                 .stores = topology::copied_hash_set_order(node.stores),
                                 .successors = arrows.successors(index),
                                 .predecessors = arrows.predecessors(index)});
  }
  return description;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) {
    if (!result.empty()) result += ", ";
    result += text;
  }
  return result;
}

std::string arrow(std::string_view sign, const std::vector<std::string>& names) {
  return "\n      " + std::string{sign} + " " + (names.empty() ? "none" : joined(names));
}

std::string describe_node(const NodeDescription& node) {
  switch (node.kind) {
    case NodeKind::source:
      return "Source: " + node.name +
             " (topics: " + (node.pattern ? *node.pattern : "[" + joined(node.topics) + "]") + ")" +
             arrow("-->", node.successors);
    case NodeKind::processor:
      return "Processor: " + node.name + " (stores: [" + joined(node.stores) + "])" +
             arrow("-->", node.successors) + arrow("<--", node.predecessors);
    case NodeKind::sink:
      return "Sink: " + node.name +
             (node.topics.empty() ? " (extractor class: computed)"
                                  : " (topic: " + node.topics.front() + ")") +
             arrow("<--", node.predecessors);
  }
  MOLDAU_ASSERT(false);
  return {};
}

}  // namespace

TopologyDescription Topology::describe() const {
  TopologyDescription description;
  for (const topology::SubtopologyPlan& part : plan_->subtopologies) {
    description.subtopologies.push_back(describe_part(*plan_, part));
  }
  return description;
}

std::string TopologyDescription::to_string() const {
  std::string text = "Topologies:\n ";
  for (const SubtopologyDescription& part : subtopologies) {
    text += "  Sub-topology: " + std::to_string(part.id.value());
    if (part.global_store) text += " for global store (will not generate tasks)";
    text += "\n";
    for (const NodeDescription& node : part.nodes) text += "    " + describe_node(node) + "\n";
    if (!part.global_store) text += "\n";
  }
  return text;
}

}  // namespace moldau::inline v0
