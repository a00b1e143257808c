#pragma once

#include "moldau/kafka/values.h"

#include "kafka/topology_topics.h"
#include "kafka/wire/messages.h"
#include "membership/classic/topic_check.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace moldau::inline v0::membership::classic {

// What the member that leads a classic group knows besides what the others tell it.
struct LeaderView {
  std::uint64_t topology = 0;  // its own
  std::size_t standby_replicas = 0;
};

using GroupMembers = std::span<const kafka::wire::JoinGroupResponse::Member>;
using EncodedAssignments = std::vector<kafka::wire::SyncGroupRequest::Assignment>;

// What every member is told. A group runs one topology: that of the members that have tasks, or the
// leader's if nobody has any. Who brings another one is refused, the leader too; then the others
// keep what they have until the next leader sees to them.
[[nodiscard]] EncodedAssignments lead_group(const LeaderView& leader, GroupMembers members,
                                            const kafka::Subscription& subscription,
                                            const TopicCheck::Outcome& topics);

// The leader could not look at the topics: everybody keeps what it has, and hears why.
[[nodiscard]] EncodedAssignments put_off(GroupMembers members, const std::string& why);

}  // namespace moldau::inline v0::membership::classic
