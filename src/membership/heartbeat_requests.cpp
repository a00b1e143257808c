#include "membership/heartbeat_requests.h"

#include "membership/wire_tasks.h"

#include <vector>

namespace moldau::inline v0::membership {

namespace {

using Tasks = std::vector<kafka::wire::TaskIds>;

constexpr MemberEpoch epoch_of_a_joiner{0};
constexpr MemberEpoch leaving{-1};

}  // namespace

HeartbeatRequest join_heartbeat(const HeartbeatSender& sender, const std::string& process_id,
                                std::chrono::milliseconds rebalance_timeout,
                                const kafka::wire::Topology& topology) {
  HeartbeatRequest request = listing_heartbeat(sender, epoch_of_a_joiner, {});
  request.rebalance_timeout_ms = static_cast<std::int32_t>(rebalance_timeout.count());
  request.topology = topology;
  request.process_id = process_id;
  request.client_tags.emplace();
  return request;
}

HeartbeatRequest delta_heartbeat(const HeartbeatSender& sender, MemberEpoch epoch) {
  HeartbeatRequest request;
  request.group_id = sender.group_id;
  request.member_id = sender.member_id;
  request.member_epoch = epoch.value();
  request.endpoint_information_epoch = sender.endpoint_epoch;
  request.shutdown_application = sender.asks_for_shutdown;
  return request;
}

HeartbeatRequest listing_heartbeat(const HeartbeatSender& sender, MemberEpoch epoch,
                                   const kafka::OwnedTasks& owned) {
  HeartbeatRequest request = delta_heartbeat(sender, epoch);
  // Empty, not null, if there are none.
  request.active_tasks = to_wire(owned.active);
  request.standby_tasks = to_wire(owned.standby);
  request.warmup_tasks = Tasks{};
  return request;
}

HeartbeatRequest leave_heartbeat(const HeartbeatSender& sender) {
  return delta_heartbeat(sender, leaving);
}

}  // namespace moldau::inline v0::membership
