#include "membership/classic/topic_check.h"

#include <utility>

namespace moldau::inline v0::membership::classic {

namespace {

std::vector<std::string> names_of(const kafka::Subscription& subscription) {
  std::set<std::string> names;
  for (const kafka::Subtopology& part : subscription.subtopologies) {
    names.insert(part.source_topics.begin(), part.source_topics.end());
    for (const auto& topic : part.repartition_source_topics) names.insert(topic.name);
    for (const auto& topic : part.changelog_topics) names.insert(topic.name);
  }
  return {names.begin(), names.end()};
}

}  // namespace

TopicCheck::TopicCheck(kafka::Admin& admin, const kafka::Subscription& subscription)
    : admin_(admin), subscription_(subscription), names_(names_of(subscription)) {}

Result<TopicCounts> TopicCheck::look(std::chrono::milliseconds timeout) {
  const auto found = admin_.describe_topics(names_, timeout);
  if (!found) return found.error();
  TopicCounts counts;
  for (const kafka::TopicDescription& topic : *found) {
    counts.emplace(topic.name, topic.partitions);
  }
  return counts;
}

Result<std::optional<TopicCheck::Outcome>> TopicCheck::step(std::chrono::milliseconds timeout) {
  if (!to_create_.empty()) {
    if (Status status = create(timeout); !status) return status;
    return std::optional<Outcome>{};
  }
  Result<TopicCounts> counts = look(timeout);
  if (!counts) return counts.error();
  kafka::TopologyTopics plan = kafka::plan_topics(
      subscription_.subtopologies, [&](const std::string& topic) -> std::optional<std::int32_t> {
        const auto found = counts->find(topic);
        if (found == counts->end()) return std::nullopt;
        return found->second;
      });
  if (plan.to_create.empty()) {
    return std::optional{Outcome{.plan = std::move(plan), .counts = *std::move(counts)}};
  }
  // A topic that was made a moment ago may not be known to every broker yet.
  for (kafka::NewTopic& topic : plan.to_create) {
    if (!created_.contains(topic.name)) to_create_.push_back(std::move(topic));
  }
  if (to_create_.empty()) {
    return Status::retriable(ErrorCode::not_ready, "internal topic " + *created_.begin() +
                                                       " was made, and is not seen everywhere yet");
  }
  return std::optional<Outcome>{};
}

// One at a time, so that one that another leader has made is no obstacle to the others.
Status TopicCheck::create(std::chrono::milliseconds timeout) {
  const kafka::NewTopic& topic = to_create_.back();
  Status status = admin_.create_topics({&topic, 1}, timeout);
  if (!status && status.code() != ErrorCode::already_exists) {
    return {status.code(),
            "internal topic " + topic.name + " cannot be made: " + std::string{status.message()},
            status.kind()};
  }
  created_.insert(topic.name);
  to_create_.pop_back();
  return {};
}

}  // namespace moldau::inline v0::membership::classic
