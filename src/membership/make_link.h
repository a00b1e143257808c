#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"

#include "kafka/wire/coordinator_link.h"
#include "membership/membership_services.h"

#include <memory>
#include <string>

namespace moldau::inline v0::membership {

// A link to the coordinator of a group, over the connections that `settings` ask for. Nothing is
// connected yet. Permanent if the settings cannot be used.
[[nodiscard]] Result<std::unique_ptr<kafka::wire::CoordinatorLink>> make_link(
    const MembershipServices& services, kafka::wire::CoordinatorLink::GroupKind kind,
    const std::string& group_id, const std::string& client_id,
    const kafka::ClientSettings& settings);

// The same, by the client id of the settings.
[[nodiscard]] Result<std::unique_ptr<kafka::wire::CoordinatorLink>> make_link(
    const MembershipServices& services, kafka::wire::CoordinatorLink::GroupKind kind,
    const std::string& group_id, const kafka::ClientSettings& settings);

}  // namespace moldau::inline v0::membership
