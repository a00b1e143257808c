#include "topology/explicit_names.h"

#include "moldau/base/error.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace moldau::inline v0::topology {

namespace {

using Names = std::vector<std::string>;

void add_once(Names& names, std::string name) {
  if (std::ranges::count(names, name) == 0) names.push_back(std::move(name));
}

// What a program leaves without a name, in its order.
class GeneratedNames {
 public:
  void look_at(const GraphNode& node) {
    if (node.table) look_at_table(*node.table);
    std::visit([this](const auto& operation) { look(operation); }, node.operation);
  }

  void refuse() const {
    if (changelogs_.empty() && stores_.empty() && repartitions_.empty()) return;
    throw TopologyError(
        "ensure.explicit.internal.resource.naming is set, but these names are generated:" +
        line("changelog topics", changelogs_) + line("stores", stores_) +
        line("repartition topics", repartitions_) +
        "\nGive Materialized, Grouped, Joined, StreamJoined, Suppressed or the operator a name");
  }

 private:
  void look_at_table(const Table& table) {
    // A table computed from the rows of another one has no store if it has no name.
    if (table.origin == TableOrigin::derived && !table.materialized) return;
    add(table.store, table.origin != TableOrigin::held_back);
  }

  template <class Operation>
  void look(const Operation& /*operation*/) {}
  void look(const GlobalStore& global) { add(global.parts.store); }
  void look(const Processor& processor) {
    for (const state::StoreSpec& store : processor.stores) add(store);
  }
  void look(const StreamJoin& join) {
    if (join.unmatched) add(*join.unmatched);
  }
  void look(const Repartition& repartition) {
    if (!repartition.explicitly_named) add_once(repartitions_, repartition.topic);
  }

  // A buffer of suppress() is known by its changelog only.
  void add(const state::StoreSpec& store, bool is_listed = true) {
    if (store.explicitly_named || store.name.empty()) return;
    if (is_listed) add_once(stores_, store.name);
    if (store.logging) add_once(changelogs_, store.name + "-changelog");
  }

  static std::string line(std::string_view what, const Names& names) {
    if (names.empty()) return {};
    std::string text = "\n  " + std::string{what} + ": ";
    for (const std::string& name : names) {
      if (&name != &names.front()) text += ", ";
      text += name;
    }
    return text;
  }

  Names changelogs_;
  Names stores_;
  Names repartitions_;
};

}  // namespace

void refuse_generated_names(const Graph& graph) {
  GeneratedNames names;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    names.look_at(graph[GraphNodeId{static_cast<std::int32_t>(i)}]);
  }
  names.refuse();
}

}  // namespace moldau::inline v0::topology
