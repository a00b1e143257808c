#include "moldau/topology/subscription.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::topology {

namespace {

// `over` wins.
kafka::TopicConfig overridden(kafka::TopicConfig config, const kafka::TopicConfig& over) {
  for (const auto& [key, value] : over) config.insert_or_assign(key, value);
  return config;
}

// What a versioned store's changelog keeps beyond the history.
constexpr std::chrono::hours compaction_lag{24};

// Saturates, as the reference does.
std::string sum(std::chrono::milliseconds a, std::chrono::milliseconds b) {
  return std::to_string(saturating_add(Timestamp{a}, b).milliseconds());
}

class PartWriter {
 public:
  PartWriter(const TopologyPlan& plan, std::string_view application_id,
             const InternalTopicOptions& options)
      : plan_(plan), application_id_(application_id), options_(options) {}

  [[nodiscard]] kafka::Subtopology write(const SubtopologyPlan& part) const {
    kafka::Subtopology result;
    result.id = part.id;
    for (const std::size_t index : part.nodes) add_node(plan_.nodes[index], result);
    for (const std::size_t index : part.stores) add_changelog(plan_.stores[index], result);
    for (const std::vector<std::string>& group : part.copartition_groups) {
      result.copartition_groups.push_back(copartition_group(group));
    }
    sort(result);
    return result;
  }

 private:
  [[nodiscard]] std::string full_name(std::string_view topic) const {
    return plan_.find_repartition_topic(topic) == nullptr
               ? std::string{topic}
               : internal_topic_name(application_id_, topic);
  }

  void add_node(const NodeSpec& node, kafka::Subtopology& part) const {
    if (node.kind == NodeKind::processor) return;
    for (const std::string& topic : node.topics) {
      const RepartitionTopicPlan* owned = plan_.find_repartition_topic(topic);
      if (node.kind == NodeKind::sink) {
        if (owned != nullptr) part.repartition_sink_topics.push_back(full_name(topic));
      } else if (owned == nullptr) {
        part.source_topics.push_back(topic);
      } else {
        part.repartition_source_topics.push_back({.name = full_name(topic),
                                                  .partitions = owned->partitions.value_or(0),
                                                  .replication = options_.replication,
                                                  .config = repartition_config(options_.config)});
      }
    }
  }

  void add_changelog(const StorePlan& store, kafka::Subtopology& part) const {
    if (!store.spec.logging && !store.source_topic) return;
    // A source topic that is used as changelog is told as well: the group's topology is that of the
    // reference, and the broker knows such a topic by its being a source.
    part.changelog_topics.push_back(
        {.name = store.source_topic ? full_name(*store.source_topic)
                                    : changelog_topic_name(application_id_, store.spec.name),
         .partitions = 0,
         .replication = options_.replication,
         .config = changelog_config(store, options_.config, options_.additional_retention)});
  }

  [[nodiscard]] kafka::CopartitionGroup copartition_group(
      const std::vector<std::string>& topics) const {
    kafka::CopartitionGroup group;
    for (const std::string& topic : topics) {
      const bool owned = plan_.find_repartition_topic(topic) != nullptr;
      (owned ? group.repartition_topics : group.source_topics).push_back(full_name(topic));
    }
    return group;
  }

  static void sort(kafka::Subtopology& part) {
    std::ranges::sort(part.source_topics);
    std::vector<std::string>& sinks = part.repartition_sink_topics;
    std::ranges::sort(sinks);
    sinks.erase(std::unique(sinks.begin(), sinks.end()), sinks.end());
    std::ranges::sort(part.changelog_topics, {}, &kafka::InternalTopic::name);
    std::ranges::sort(part.repartition_source_topics, {}, &kafka::InternalTopic::name);
  }

  const TopologyPlan& plan_;
  std::string_view application_id_;
  const InternalTopicOptions& options_;
};

}  // namespace

kafka::TopicConfig changelog_config(const StorePlan& store, const kafka::TopicConfig& config,
                                    std::chrono::milliseconds additional_retention) {
  // Timestamps are part of the data, so a broker must not replace them.
  kafka::TopicConfig library = {{"cleanup.policy", "compact"},
                                {"message.timestamp.type", "CreateTime"}};
  switch (store.spec.kind) {
    case state::StoreKind::window:
    case state::StoreKind::session:
      library["cleanup.policy"] = "compact,delete";
      library["retention.ms"] = sum(store.spec.retention, additional_retention);
      break;
    case state::StoreKind::versioned:
      // A version is in the changelog once for each time; the older ones must stay as long as they
      // are part of the history.
      library["min.compaction.lag.ms"] = sum(store.spec.retention, compaction_lag);
      break;
    case state::StoreKind::key_value:
    case state::StoreKind::buffer:
      break;
  }
  return overridden(overridden(library, config), store.spec.changelog_config);
}

kafka::TopicConfig repartition_config(const kafka::TopicConfig& config) {
  const kafka::TopicConfig library = {{"cleanup.policy", "delete"},
                                      {"message.timestamp.type", "CreateTime"},
                                      {"retention.ms", "-1"},
                                      {"segment.bytes", "52428800"}};
  return overridden(library, config);
}

kafka::Subscription make_subscription(const TopologyPlan& plan, std::string_view application_id,
                                      const InternalTopicOptions& options) {
  const PartWriter writer{plan, application_id, options};
  kafka::Subscription subscription;
  for (const SubtopologyPlan& part : plan.subtopologies) {
    if (part.global) continue;
    subscription.subtopologies.push_back(writer.write(part));
  }
  return subscription;
}

}  // namespace moldau::inline v0::topology
