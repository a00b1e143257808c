#pragma once

#include "moldau/kafka/clients.h"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace robustness {

// The rule that offsets are sent for a task only while the member says that it runs it. A broker
// that refuses such offsets hides that it is broken. Looks at the members and producers of one
// process, and must outlive them. Any thread.
class CommitRule {
 public:
  using MemberPtr = std::unique_ptr<moldau::kafka::GroupMembership>;
  using ProducerPtr = std::unique_ptr<moldau::kafka::Producer>;
  using OnBroken = std::function<void(const std::string& how)>;

  explicit CommitRule(OnBroken on_broken) : on_broken_(std::move(on_broken)) {}

  // Puts itself round the member and the producer of a stream thread, which have its name in front
  // of theirs.
  MemberPtr watch(MemberPtr member, const moldau::kafka::MembershipOptions& options);
  ProducerPtr watch(ProducerPtr producer, const moldau::kafka::ProducerOptions& options);

 private:
  class Member;
  class Producer;
  struct Thread {
    std::map<std::string, moldau::SubtopologyId> readers;  // of each input topic
    moldau::kafka::TaskSet runs;                           // as the member has said
  };

  void sends(const std::string& thread, std::span<const moldau::kafka::CommittedOffset> offsets);

  OnBroken on_broken_;
  std::mutex mutex_;  // guards threads_
  std::map<std::string, Thread> threads_;
};

}  // namespace robustness
