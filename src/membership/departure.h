#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"

#include "kafka/wire/coordinator_link.h"

#include <chrono>
#include <span>
#include <string>

namespace moldau::inline v0::membership {

// Tells a group that members will not come back, for members that nobody runs any more. A member or
// a group that is not known is what was wanted. Waits at most `timeout`; what has not been said
// until then is the failure, retriable.
Status leave_for(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                 std::span<const std::string> member_ids, std::chrono::milliseconds timeout,
                 const Clock& clock);

// The same for members of a classic group, by the instance ids they joined with.
Status leave_classic_for(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                         std::span<const std::string> instance_ids,
                         std::chrono::milliseconds timeout, const Clock& clock);

}  // namespace moldau::inline v0::membership
