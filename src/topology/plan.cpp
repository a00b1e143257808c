#include "moldau/topology/plan.h"

#include <algorithm>

namespace moldau::inline v0::topology {

namespace {

template <class T, class Key>
const T* find(const std::vector<T>& items, std::string_view name, Key key) {
  const auto found = std::ranges::find(items, name, key);
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const NodeSpec* TopologyPlan::find_node(std::string_view name) const {
  return find(nodes, name, &NodeSpec::name);
}

const StorePlan* TopologyPlan::find_store(std::string_view name) const {
  return find(stores, name,
              [](const StorePlan& store) { return std::string_view{store.spec.name}; });
}

const RepartitionTopicPlan* TopologyPlan::find_repartition_topic(std::string_view name) const {
  return find(repartition_topics, name, &RepartitionTopicPlan::name);
}

std::string internal_topic_name(std::string_view application_id, std::string_view topic) {
  return std::string{application_id} + "-" + std::string{topic};
}

std::string changelog_topic_name(std::string_view application_id, std::string_view store) {
  return internal_topic_name(application_id, store) + "-changelog";
}

}  // namespace moldau::inline v0::topology
