#pragma once

#include "moldau/export.h"
#include "moldau/kafka/values.h"
#include "moldau/topology/plan.h"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace moldau::inline v0::topology {

inline constexpr std::chrono::hours default_additional_retention{24};

// What the configuration says about the topics the library makes for itself.
struct InternalTopicOptions {
  std::int16_t replication = -1;   // `replication.factor`; -1: the broker's default
  kafka::TopicConfig config = {};  // settings under `topic.`: over the library's, under the store's
  // `windowstore.changelog.additional.retention.ms`: how much longer than the store a changelog
  // keeps windows and sessions.
  std::chrono::milliseconds additional_retention = default_additional_retention;
};

// Topic settings of a store's changelog, and of a repartition topic.
[[nodiscard]] MOLDAU_EXPORT kafka::TopicConfig changelog_config(
    const StorePlan& store, const kafka::TopicConfig& config,
    std::chrono::milliseconds additional_retention = default_additional_retention);
[[nodiscard]] MOLDAU_EXPORT kafka::TopicConfig repartition_config(const kafka::TopicConfig& config);

// What an application with this topology tells its group: sub-topologies, their topics by full
// name, and the topics to be made for them. Lists are sorted by name.
[[nodiscard]] MOLDAU_EXPORT kafka::Subscription make_subscription(
    const TopologyPlan& plan, std::string_view application_id,
    const InternalTopicOptions& options = {});

}  // namespace moldau::inline v0::topology
