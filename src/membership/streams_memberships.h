#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/random.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/clients.h"
#include "moldau/kafka/oauthbearer.h"

#include "membership/membership_services.h"

#include <memory>

namespace moldau::inline v0::membership {

// Members of streams groups (KIP-1071) over connections of our own: one worker and one connection
// to the coordinator for all members of a group in this process, and another one for each member
// that commits. The settings of a group's first member are the group's; `settings` reach the
// brokers for leave_for() of a group that has had no member here.
[[nodiscard]] std::unique_ptr<kafka::Memberships> make_streams_memberships(
    MembershipServices services, kafka::ClientSettings settings = {});

// The same over the connections that kafka::wire::make_connection() makes. `tokens` are
// OAUTHBEARER's and may be empty.
[[nodiscard]] std::unique_ptr<kafka::Memberships> make_streams_memberships(
    Clock& clock, Random& random, Workers& workers, std::shared_ptr<Logger> logger,
    kafka::ClientSettings settings = {}, kafka::OAuthBearerTokenProvider tokens = {});

}  // namespace moldau::inline v0::membership
