#include "topology/optimizer/rules.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace moldau::inline v0::topology {

namespace {

// A node below which keys are new, and the repartition topics that exist because of it.
struct Group {
  GraphNodeId above;
  std::vector<GraphNodeId> repartitions;
};

// Looks for a node from one node upwards, depth first, parents in their order.
class Ascent {
 public:
  explicit Ascent(const Graph& graph) : graph_(graph), visited_(graph.size(), false) {}

  template <class Predicate>
  std::optional<GraphNodeId> find(GraphNodeId from, const Predicate& matches) {
    if (visited_[static_cast<std::size_t>(from.value())]) return std::nullopt;
    visited_[static_cast<std::size_t>(from.value())] = true;
    if (matches(from)) return from;
    for (const GraphNodeId parent : graph_[from].parents) {
      if (const std::optional<GraphNodeId> found = find(parent, matches)) return found;
    }
    return std::nullopt;
  }

 private:
  const Graph& graph_;
  std::vector<bool> visited_;
};

class Merger {
 public:
  Merger(Graph& graph, bool processors_count)
      : graph_(graph), processors_count_(processors_count) {}

  void run() {
    std::vector<Group> groups = move_to_merges(below_key_changers());
    for (Group& group : groups) {
      std::erase_if(group.repartitions, [&](GraphNodeId repartition) {
        return mixes_in_other_keys(repartition, group.above);
      });
      if (!group.repartitions.empty()) merge(group);
    }
  }

 private:
  [[nodiscard]] bool changes_key(GraphNodeId node) const {
    const auto* processor = std::get_if<UserProcessor>(&graph_[node].operation);
    return graph_[node].changes_key ||
           (processors_count_ && processor != nullptr && processor->may_change_key);
  }

  [[nodiscard]] bool changes_key_or_value(GraphNodeId node) const {
    const auto* processor = std::get_if<UserProcessor>(&graph_[node].operation);
    return changes_key(node) || graph_[node].changes_value ||
           (processors_count_ && processor != nullptr && processor->may_change_value);
  }

  // The nearest node below `above` on a way up from `from`.
  [[nodiscard]] std::optional<GraphNodeId> child_of(GraphNodeId above, GraphNodeId from) const {
    return Ascent{graph_}.find(from, [&](GraphNodeId node) {
      return std::ranges::count(graph_[node].parents, above) != 0;
    });
  }

  // By change of the key, in the order of the program. A topic behind a change of values as well
  // stays where it is: above it, values are of another type.
  [[nodiscard]] std::vector<Group> below_key_changers() const {
    std::vector<Group> groups;
    std::map<GraphNodeId, std::size_t> index;
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const GraphNodeId node{static_cast<std::int32_t>(i)};
      if (changes_key(node)) {
        index.emplace(node, groups.size());
        groups.push_back({node, {}});
        continue;
      }
      const auto* repartition = std::get_if<Repartition>(&graph_[node].operation);
      if (repartition == nullptr || repartition->asked_for) continue;
      const std::optional<GraphNodeId> changer =
          Ascent{graph_}.find(node, [this](GraphNodeId above) { return changes_key(above); });
      const std::optional<GraphNodeId> nearest = Ascent{graph_}.find(
          node, [this](GraphNodeId above) { return changes_key_or_value(above); });
      if (changer && changer == nearest) groups[index.at(*changer)].repartitions.push_back(node);
    }
    return groups;
  }

  // Where streams come together, and everything that is repartitioned lies below, one topic below
  // does for all of them.
  [[nodiscard]] std::vector<Group> move_to_merges(std::vector<Group> groups) const {
    std::vector<Group> moved;
    for (std::size_t i = graph_.size(); i-- > 0;) {
      const GraphNodeId merge{static_cast<std::int32_t>(i)};
      if (!graph_[merge].merges_streams) continue;
      Group below{merge, {}};
      std::erase_if(groups, [&](const Group& group) {
        if (!child_of(group.above, merge)) return false;
        if (!std::ranges::all_of(group.repartitions, [&](GraphNodeId repartition) {
              return child_of(merge, repartition).has_value();
            })) {
          return false;
        }
        below.repartitions.insert(below.repartitions.end(), group.repartitions.begin(),
                                  group.repartitions.end());
        return true;
      });
      if (!below.repartitions.empty()) moved.push_back(std::move(below));
    }
    groups.insert(groups.end(), std::make_move_iterator(moved.rbegin()),
                  std::make_move_iterator(moved.rend()));
    return groups;
  }

  // True if records reach the topic whose keys another node has changed: moved up, it would not see
  // them. (The reference moves it, and those records end up in the wrong partitions.)
  [[nodiscard]] bool mixes_in_other_keys(GraphNodeId repartition, GraphNodeId above) const {
    std::vector<GraphNodeId> open = graph_[repartition].parents;
    std::vector<bool> seen(graph_.size(), false);
    while (!open.empty()) {
      const GraphNodeId node = open.back();
      open.pop_back();
      if (node == above || seen[static_cast<std::size_t>(node.value())]) continue;
      seen[static_cast<std::size_t>(node.value())] = true;
      if (changes_key(node)) return true;
      const Operation& operation = graph_[node].operation;
      if (std::holds_alternative<Repartition>(operation) ||
          std::holds_alternative<TableRepartition>(operation)) {
        continue;  // behind it keys are where they belong
      }
      open.insert(open.end(), graph_[node].parents.begin(), graph_[node].parents.end());
    }
    return false;
  }

  // One topic, called as the first one was, right below `group.above`.
  void merge(const Group& group) {
    const GraphNodeId merged = graph_.add_unconnected(one_for_all(group), group.above);
    for (const GraphNodeId repartition : group.repartitions) {
      // Unless what leads to it has been moved already, together with another one.
      if (const std::optional<GraphNodeId> child = child_of(group.above, repartition)) {
        graph_.connect(merged, *child);
        graph_.disconnect(group.above, *child);
      }
      bypass(repartition);
      graph_.replace_copartitioned(repartition, merged);
    }
    graph_.connect(group.above, merged);
  }

  [[nodiscard]] GraphNode one_for_all(const Group& group) const {
    const auto at = [this](GraphNodeId node) -> const Repartition& {
      return std::get<Repartition>(graph_[node].operation);
    };
    const auto writable = std::ranges::find_if(group.repartitions, [&](GraphNodeId node) {
      const processor::BoundaryTypes types = at(node).parts->types();
      return !types.key_serde_missing && !types.value_serde_missing;
    });
    const Repartition& first = at(group.repartitions.front());
    return {.name = first.topic + "-source",
            .operation = Repartition{
                .topic = first.topic,
                .filter_name = first.topic + "-filter",
                .sink_name = first.topic + "-sink",
                .parts = writable == group.repartitions.end() ? first.parts : at(*writable).parts,
                .explicitly_named = first.explicitly_named}};
  }

  // Takes a node out: its parents feed its children.
  void bypass(GraphNodeId node) {
    const std::vector<GraphNodeId> children = graph_[node].children;
    const std::vector<GraphNodeId> parents = graph_[node].parents;
    for (const GraphNodeId child : children) {
      for (const GraphNodeId parent : parents) graph_.connect(parent, child);
    }
    for (const GraphNodeId parent : parents) graph_.disconnect(parent, node);
    for (const GraphNodeId child : children) graph_.disconnect(node, child);
  }

  Graph& graph_;
  bool processors_count_;
};

}  // namespace

void merge_repartition_topics(Graph& graph, bool processors_change_records) {
  Merger{graph, processors_change_records}.run();
}

}  // namespace moldau::inline v0::topology
