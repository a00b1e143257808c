#pragma once

#include "moldau/kafka/clients.h"

#include "membership/streams_memberships.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace moldau::inline v0::membership::classic {

// What a classic group takes from its members; a streams group has its own from the broker.
struct ClassicOptions {
  // A member that was not heard of for so long is taken for dead: session.timeout.ms.
  std::chrono::milliseconds session_timeout{45'000};
  std::chrono::milliseconds heartbeat_interval{3'000};
  std::size_t standby_replicas = 0;  // num.standby.replicas
  // Makes the client that looks at topics and makes the internal ones.
  std::function<Result<std::unique_ptr<kafka::Admin>>()> make_admin = {};
  // Tasks whose state is on the disk of this process. May be empty.
  std::function<kafka::TaskSet()> stored_tasks = {};
};

// Members of classic groups, for brokers without streams groups: a worker and a connection each,
// and another connection for its commits. Tasks are assigned by the member that leads the group. A
// member's id names it over restarts (group.instance.id), so the ids of a group must differ.
[[nodiscard]] std::unique_ptr<kafka::Memberships> make_classic_memberships(
    MembershipServices services, ClassicOptions options, kafka::ClientSettings settings = {});

}  // namespace moldau::inline v0::membership::classic
