#include "topology/subtopologies.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace moldau::inline v0::topology {

namespace {

// Sets of nodes that grow together.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  std::size_t root(std::size_t element) {
    while (parent_[element] != element) {
      parent_[element] = parent_[parent_[element]];
      element = parent_[element];
    }
    return element;
  }

  void unite(std::size_t a, std::size_t b) { parent_[root(b)] = root(a); }

 private:
  std::vector<std::size_t> parent_;
};

DisjointSets connected_nodes(const TopologyPlan& plan) {
  DisjointSets sets{plan.nodes.size()};
  std::unordered_map<std::string_view, std::size_t> nodes;
  std::unordered_map<std::string_view, std::size_t> store_users;
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    nodes.emplace(plan.nodes[i].name, i);
    for (const std::string& parent : plan.nodes[i].parents) sets.unite(nodes.at(parent), i);
    for (const std::string& store : plan.nodes[i].stores) {
      const auto [user, fresh] = store_users.emplace(store, i);
      if (!fresh) sets.unite(user->second, i);
    }
  }
  return sets;
}

void add_stores(const TopologyPlan& plan, const NodeSpec& node, SubtopologyPlan& part) {
  for (const std::string& name : node.stores) {
    const auto store = static_cast<std::size_t>(plan.find_store(name) - plan.stores.data());
    if (std::ranges::count(part.stores, store) == 0) part.stores.push_back(store);
  }
}

}  // namespace

std::vector<SubtopologyPlan> connected_parts(const TopologyPlan& plan) {
  DisjointSets sets = connected_nodes(plan);
  std::vector<SubtopologyPlan> parts;
  std::unordered_map<std::size_t, std::size_t> part_of_root;
  for (std::size_t i = 0; i < plan.nodes.size(); ++i) {
    const auto [found, fresh] = part_of_root.emplace(sets.root(i), parts.size());
    if (fresh) {
      parts.push_back({.id = SubtopologyId{static_cast<std::int32_t>(parts.size())},
                       .global = plan.nodes[i].global,
                       .nodes = {},
                       .stores = {},
                       .copartition_groups = {}});
    }
    SubtopologyPlan& part = parts[found->second];
    part.nodes.push_back(i);
    add_stores(plan, plan.nodes[i], part);
  }
  return parts;
}

bool reads_any(const TopologyPlan& plan, const SubtopologyPlan& part,
               std::span<const std::string> topics) {
  return std::ranges::any_of(part.nodes, [&](std::size_t index) {
    const NodeSpec& node = plan.nodes[index];
    return node.kind == NodeKind::source &&
           std::ranges::find_first_of(node.topics, topics) != node.topics.end();
  });
}

void merge_group(std::vector<std::vector<std::string>>& groups, std::vector<std::string> topics) {
  for (auto group = groups.begin(); group != groups.end();) {
    if (std::ranges::find_first_of(*group, topics) == group->end()) {
      ++group;
      continue;
    }
    topics.insert(topics.end(), group->begin(), group->end());
    group = groups.erase(group);
  }
  std::ranges::sort(topics);
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  groups.push_back(std::move(topics));
}

}  // namespace moldau::inline v0::topology
