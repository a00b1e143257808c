#include "membership/wire_topology.h"

#include "topology/reference_order.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::membership {

namespace {

using Texts = std::vector<std::string>;

// Changing the topology of a living group is not possible, so there is only the first one.
constexpr std::int32_t topology_epoch = 0;

Texts sorted_without_duplicates(Texts texts) {
  std::ranges::sort(texts);
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::vector<kafka::wire::TopicInfo> to_wire(const std::vector<kafka::InternalTopic>& topics) {
  std::vector<kafka::wire::TopicInfo> infos;
  for (const kafka::InternalTopic& topic : topics) {
    kafka::wire::TopicInfo& info = infos.emplace_back();
    info.name = topic.name;
    info.partitions = topic.partitions;
    info.replication_factor = topic.replication;
    for (const auto& [key, value] : topic.config) {
      info.topic_configs.push_back({.key = key, .value = value});
    }
  }
  std::ranges::sort(infos, {}, &kafka::wire::TopicInfo::name);
  return infos;
}

Texts all_topics(const kafka::CopartitionGroup& group) {
  Texts topics = group.source_topics;
  topics.insert(topics.end(), group.repartition_topics.begin(), group.repartition_topics.end());
  return topics;
}

// The reference keeps the groups of a sub-topology in a set that it fills from a map of topics to
// their groups: as many entries as there are topics. A set's hash is the sum of its elements'.
std::vector<std::size_t> order_of(const std::vector<kafka::CopartitionGroup>& groups) {
  std::vector<std::uint32_t> hashes;
  std::size_t topics = 0;
  for (const kafka::CopartitionGroup& group : groups) {
    std::uint32_t& hash = hashes.emplace_back();
    for (const std::string& topic : all_topics(group)) {
      hash += topology::string_hash(topic);
      ++topics;
    }
  }
  return topology::copied_hash_set_order(hashes, topics);
}

kafka::wire::CopartitionGroup to_wire(const kafka::CopartitionGroup& group,
                                      const kafka::wire::Subtopology& part) {
  kafka::wire::CopartitionGroup indexes;
  for (const std::string& topic : topology::hash_set_order(all_topics(group))) {
    if (const auto source = std::ranges::find(part.source_topics, topic);
        source != part.source_topics.end()) {
      indexes.source_topics.push_back(
          static_cast<std::int16_t>(source - part.source_topics.begin()));
    } else if (const auto repartition = std::ranges::find(part.repartition_source_topics, topic,
                                                          &kafka::wire::TopicInfo::name);
               repartition != part.repartition_source_topics.end()) {
      indexes.repartition_source_topics.push_back(
          static_cast<std::int16_t>(repartition - part.repartition_source_topics.begin()));
    }
  }
  return indexes;
}

kafka::wire::Subtopology to_wire(const kafka::Subtopology& part) {
  kafka::wire::Subtopology result;
  result.subtopology_id = std::to_string(part.id.value());
  result.source_topics = sorted_without_duplicates(part.source_topics);
  result.state_changelog_topics = to_wire(part.changelog_topics);
  result.repartition_sink_topics = sorted_without_duplicates(part.repartition_sink_topics);
  result.repartition_source_topics = to_wire(part.repartition_source_topics);
  for (const std::size_t index : order_of(part.copartition_groups)) {
    result.copartition_groups.push_back(to_wire(part.copartition_groups[index], result));
  }
  return result;
}

}  // namespace

kafka::wire::Topology to_wire(const kafka::Subscription& subscription) {
  kafka::wire::Topology topology{.epoch = topology_epoch};
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    topology.subtopologies.push_back(to_wire(part));
  }
  // As texts: "10" comes before "2".
  std::ranges::sort(topology.subtopologies, {}, &kafka::wire::Subtopology::subtopology_id);
  return topology;
}

}  // namespace moldau::inline v0::membership
