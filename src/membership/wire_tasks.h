#pragma once

#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"

#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::membership {

// By sub-topology, both numbers ascending.
[[nodiscard]] std::vector<kafka::wire::TaskIds> to_wire(const kafka::TaskSet& tasks);

// nullopt if a sub-topology is not named by a number: then it is none of ours.
[[nodiscard]] std::optional<kafka::TaskSet> from_wire(std::span<const kafka::wire::TaskIds> tasks);
[[nodiscard]] std::optional<kafka::OwnedTasks> from_wire(
    std::span<const kafka::wire::TaskIds> active, std::span<const kafka::wire::TaskIds> standby);

}  // namespace moldau::inline v0::membership
