#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"

#include "kafka/wire/coordinator_link.h"

#include <chrono>
#include <functional>
#include <string>

namespace moldau::inline v0::membership {

// Something to be asked of the coordinator, in at most that time. A retriable refusal is asked
// again.
using CoordinatorCall = std::function<Status(std::chrono::milliseconds timeout)>;

// Connects to the coordinator of the group where necessary and asks until there is an answer. Waits
// at most `timeout`; then the last failure, retriable.
Status call_coordinator(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                        const CoordinatorCall& call, std::chrono::milliseconds timeout,
                        const Clock& clock);

}  // namespace moldau::inline v0::membership
