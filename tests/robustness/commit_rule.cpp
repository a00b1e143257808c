#include "robustness/commit_rule.h"

#include "robustness/forwarding_membership.h"
#include "robustness/forwarding_producer.h"

#include <utility>

namespace robustness {

namespace kafka = moldau::kafka;
using moldau::Status;

namespace {

// `NAME-consumer` and `NAME-producer` belong to the thread NAME.
std::string thread_of(const std::string& client_id) {
  return client_id.substr(0, client_id.rfind('-'));
}

}  // namespace

class CommitRule::Member final : public ForwardingMembership {
 public:
  Member(MemberPtr below, CommitRule& rule, std::string thread)
      : ForwardingMembership(std::move(below)), rule_(rule), thread_(std::move(thread)) {}

  Status join(const kafka::Subscription& subscription) override {
    {
      const std::lock_guard lock{rule_.mutex_};
      auto& readers = rule_.threads_[thread_].readers;
      for (const kafka::Subtopology& part : subscription.subtopologies) {
        for (const std::string& topic : part.source_topics) readers.emplace(topic, part.id);
        for (const auto& topic : part.repartition_source_topics) {
          readers.emplace(topic.name, part.id);
        }
      }
    }
    return ForwardingMembership::join(subscription);
  }
  void acknowledge(const kafka::OwnedTasks& owned) override {
    {
      const std::lock_guard lock{rule_.mutex_};
      rule_.threads_[thread_].runs = owned.active;
    }
    ForwardingMembership::acknowledge(owned);
  }

 private:
  CommitRule& rule_;
  std::string thread_;
};

class CommitRule::Producer final : public ForwardingProducer {
 public:
  Producer(ProducerPtr below, CommitRule& rule, std::string thread)
      : ForwardingProducer(std::move(below)), rule_(rule), thread_(std::move(thread)) {}

  Status add_offsets(std::string_view group, std::span<const kafka::CommittedOffset> offsets,
                     const kafka::MemberSnapshot& as, std::chrono::milliseconds timeout) override {
    rule_.sends(thread_, offsets);
    return ForwardingProducer::add_offsets(group, offsets, as, timeout);
  }

 private:
  CommitRule& rule_;
  std::string thread_;
};

CommitRule::MemberPtr CommitRule::watch(MemberPtr member, const kafka::MembershipOptions& options) {
  return std::make_unique<Member>(std::move(member), *this, thread_of(options.client_id));
}

CommitRule::ProducerPtr CommitRule::watch(ProducerPtr producer,
                                          const kafka::ProducerOptions& options) {
  return std::make_unique<Producer>(std::move(producer), *this, thread_of(options.client_id));
}

void CommitRule::sends(const std::string& thread, std::span<const kafka::CommittedOffset> offsets) {
  const std::lock_guard lock{mutex_};
  const Thread& known = threads_[thread];
  for (const kafka::CommittedOffset& offset : offsets) {
    const auto reader = known.readers.find(offset.partition.topic);
    if (reader != known.readers.end() &&
        known.runs.contains(moldau::TaskId{reader->second, offset.partition.partition})) {
      continue;
    }
    return on_broken_(thread + " sends offsets of " + to_string(offset.partition) +
                      ", which no task reads that it says it runs");
  }
}

}  // namespace robustness
