#pragma once

#include "moldau/base/logger.h"
#include "moldau/kafka/clients.h"

#include <memory>

namespace moldau::inline v0::membership {

// Members of streams groups where the brokers have them, and of classic groups where they do not
// (group.protocol=auto). A member starts as one of a streams group. If its first join is refused
// because the brokers know no streams groups, or because the group has members that speak the
// classic protocol, it joins as a member of a classic group instead; once it has had an answer it
// stays what it is. What is chosen is logged with the reason.
[[nodiscard]] std::unique_ptr<kafka::Memberships> make_chosen_memberships(
    std::unique_ptr<kafka::Memberships> streams, std::unique_ptr<kafka::Memberships> classic,
    std::shared_ptr<Logger> logger);

}  // namespace moldau::inline v0::membership
