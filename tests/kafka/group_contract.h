#pragma once

#include "kafka/contract.h"
#include "kafka/member.h"

#include <string>
#include <vector>

namespace moldau {

// Base of the contract tests with members.
class GroupContract : public KafkaContract {
 protected:
  [[nodiscard]] Member member(const std::string& name) {
    auto made = world_->memberships().make_member({.group_id = group_,
                                                   .client_id = "member",
                                                   .process_id = unique(name),
                                                   .member_id = unique(name) + "-1",
                                                   .settings = world_->settings(),
                                                   .on_event = {}});
    EXPECT_TRUE(made.ok()) << made.error().message();
    return Member{*std::move(made)};
  }
  [[nodiscard]] Member join(const std::string& name, const kafka::Subscription& subscription) {
    Member joined = member(name);
    EXPECT_TRUE(joined.membership().join(subscription).ok());
    return joined;
  }

  // One sub-topology that reads a topic.
  static kafka::Subscription reads(const std::string& topic) {
    kafka::Subtopology part;
    part.id = SubtopologyId{0};
    part.source_topics = {topic};
    return {{part}};
  }

  // Lets all of them look until they have so many active tasks.
  template <class... Members>
  static bool settle(std::vector<std::size_t> wanted, Members&... members) {
    return eventually(patience, [&] {
      (members.look(), ...);
      return std::vector<std::size_t>{members.active().size()...} == wanted;
    });
  }

  [[nodiscard]] static std::vector<kafka::CommittedOffset> offset(
      const std::string& topic, std::int64_t next, PartitionId partition = PartitionId{0}) {
    return {{.partition = {topic, partition}, .next = Offset{next}, .metadata = "bWV0YQ=="}};
  }
  // The group's committed offset of partition 0; nullopt if there is none.
  [[nodiscard]] Result<std::optional<kafka::CommittedOffset>> committed(
      const std::string& topic, std::chrono::milliseconds timeout = call_timeout) {
    const auto reader = consumer(kafka::Isolation::read_committed, group_);
    const TopicPartition partition{topic, PartitionId{0}};
    auto offsets = reader->committed({&partition, 1}, timeout);
    if (!offsets) return offsets.error();
    if (offsets->empty()) return std::optional<kafka::CommittedOffset>{};
    return std::optional{offsets->front()};
  }
  [[nodiscard]] std::optional<kafka::CommittedOffset> stable_offset(const std::string& topic) {
    std::optional<kafka::CommittedOffset> found;
    const Status status = insist([&] {
      const auto answer = committed(topic);
      if (answer) found = *answer;
      return answer.error();
    });
    EXPECT_TRUE(status.ok()) << status.message();
    return found;
  }

  // Commits as a thread does: what asks for patience is repeated.
  static Status commit_as(Member& member, const std::vector<kafka::CommittedOffset>& offsets,
                          const kafka::MemberSnapshot& as) {
    return insist([&] { return member.membership().commit(offsets, as, call_timeout); });
  }
  static kafka::MemberSnapshot ahead(kafka::MemberSnapshot snapshot) {
    snapshot.epoch = snapshot.epoch + 5;
    return snapshot;
  }

  std::string group_ = unique("group");
};

}  // namespace moldau
