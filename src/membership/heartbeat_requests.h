#pragma once

#include "moldau/base/ids.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"

#include <chrono>
#include <cstdint>
#include <string>

// The heartbeats a member of a streams group sends.
namespace moldau::inline v0::membership {

using HeartbeatRequest = kafka::wire::StreamsGroupHeartbeatRequest;

struct HeartbeatSender {
  std::string group_id;
  std::string member_id;
  std::int32_t endpoint_epoch = -1;  // the last one seen
  bool asks_for_shutdown = false;    // of every instance of the application
};

// Owns nothing, and gives up whatever it may have owned.
[[nodiscard]] HeartbeatRequest join_heartbeat(const HeartbeatSender& sender,
                                              const std::string& process_id,
                                              std::chrono::milliseconds rebalance_timeout,
                                              const kafka::wire::Topology& topology);

// Nothing has changed.
[[nodiscard]] HeartbeatRequest delta_heartbeat(const HeartbeatSender& sender, MemberEpoch epoch);

// Says what is owned: gives up what is not.
[[nodiscard]] HeartbeatRequest listing_heartbeat(const HeartbeatSender& sender, MemberEpoch epoch,
                                                 const kafka::OwnedTasks& owned);

[[nodiscard]] HeartbeatRequest leave_heartbeat(const HeartbeatSender& sender);

}  // namespace moldau::inline v0::membership
