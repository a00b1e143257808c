#include "moldau/topology/plan.h"

#include "moldau/base/error.h"

#include "topology/topic_pattern.h"

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

bool TopologyPlan::has_global_stores() const {
  return std::ranges::any_of(stores, &StorePlan::global);
}

bool TopologyPlan::has_pattern_sources() const {
  return std::ranges::any_of(nodes, [](const NodeSpec& node) { return node.pattern.has_value(); });
}

std::shared_ptr<const TopologyPlan> resolve_patterns(const TopologyPlan& plan,
                                                     std::span<const std::string> topics) {
  auto resolved = std::make_shared<TopologyPlan>(plan);
  for (NodeSpec& source : resolved->nodes) {
    if (!source.pattern) continue;
    const TopicPatternMatcher matcher{source.name, *source.pattern};
    source.topics.clear();
    for (const std::string& topic : topics) {
      if (!matcher.matches(topic)) continue;
      for (const NodeSpec& other : resolved->nodes) {
        if (other.kind == NodeKind::source && std::ranges::count(other.topics, topic) != 0) {
          throw TopologyError("topic \"" + topic + "\" is read by \"" + other.name +
                              "\" and matches the pattern " + *source.pattern + " of \"" +
                              source.name + "\": make the pattern narrower");
        }
      }
      source.topics.push_back(topic);
    }
    if (source.topics.empty()) {
      throw TopologyError("no topic matches the pattern " + *source.pattern + " of \"" +
                          source.name + "\": create the topics before the application starts");
    }
    std::ranges::sort(source.topics);
  }
  return resolved;
}

std::string internal_topic_name(std::string_view application_id, std::string_view topic) {
  return std::string{application_id} + "-" + std::string{topic};
}

std::string changelog_topic_name(std::string_view application_id, std::string_view store) {
  return internal_topic_name(application_id, store) + "-changelog";
}

}  // namespace moldau::inline v0::topology
