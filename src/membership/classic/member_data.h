#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What members of a classic group tell each other through the coordinator, which does not read it.
//
// Both stand in the envelope of Kafka's own consumers (protocol type "consumer"), so that the
// cluster's tools show who reads what; what is ours is the user data in it, with a version first.
// What comes in is from elsewhere and may be anything.
namespace moldau::inline v0::membership::classic {

// The type and the name of the protocol. Members that name another one are refused by the
// coordinator.
inline constexpr std::string_view protocol_type = "consumer";
inline constexpr std::string_view protocol_name = "moldau";

// A member, as it tells the leader.
struct SubscriptionData {
  std::vector<std::string> topics = {};  // that it reads
  std::string process_id = {};
  // Changes when the member wants a new assignment, and comes back with it.
  std::int64_t nonce = 0;
  std::uint64_t topology = 0;  // topology_digest()
  bool asks_for_shutdown = false;
  // What it runs, or may be running by the time the leader reads this.
  kafka::OwnedTasks owned = {};
  kafka::TaskSet stored = {};  // tasks whose state is on its disk

  friend bool operator==(const SubscriptionData&, const SubscriptionData&) = default;
};

using PartitionsByTopic = std::map<std::string, std::vector<PartitionId>>;

// What a member is to do, as the leader tells it.
struct AssignmentData {
  enum class Verdict : std::uint8_t {
    tasks,           // run them
    missing_topics,  // `detail` names source topics that do not exist
    refused,         // `detail` says why this member cannot be in the group
    not_yet,         // `detail` says what the leader could not do
  };

  PartitionsByTopic partitions = {};  // for the cluster's tools
  Verdict verdict = Verdict::tasks;
  std::int64_t nonce = 0;      // of the subscription that it answers
  std::uint64_t topology = 0;  // whose tasks these are
  bool shutdown_requested = false;
  kafka::OwnedTasks tasks = {};
  std::string detail = {};

  friend bool operator==(const AssignmentData&, const AssignmentData&) = default;
};

[[nodiscard]] std::string encode(const SubscriptionData& data);
[[nodiscard]] std::string encode(const AssignmentData& data);

// invalid_request if the bytes are something else, or of a later version of ours.
[[nodiscard]] Result<SubscriptionData> decode_subscription(Bytes bytes);
[[nodiscard]] Result<AssignmentData> decode_assignment(Bytes bytes);

// The same number for the same topology, whatever the order of its lists.
[[nodiscard]] std::uint64_t topology_digest(const kafka::Subscription& subscription);

}  // namespace moldau::inline v0::membership::classic
