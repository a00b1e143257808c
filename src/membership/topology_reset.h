#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"

#include "kafka/wire/coordinator_link.h"

#include <chrono>
#include <string>

namespace moldau::inline v0::membership {

// Makes the coordinator forget the topology of a streams group, which it otherwise keeps after the
// last member has left, and compares every later one with. Committed offsets stay.
//
// Brokers of Kafka 4.3 have no request for it. But a group without members becomes one of the
// classic protocol when a member of that protocol joins, and then has no topology; the next member
// of the streams protocol makes it a streams group again. So that is what is done: one classic
// member comes and goes.
//
// Permanent, ErrorCode::invalid_state, if the group has members. A group that does not exist or is
// of another kind has no topology, which is what was wanted. Waits at most `timeout`.
Status forget_topology(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                       std::chrono::milliseconds timeout, const Clock& clock);

}  // namespace moldau::inline v0::membership
