#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"

#include <chrono>
#include <string_view>

namespace moldau::inline v0::membership {

// Times are 32 bits of milliseconds on the wire, and none is zero.
[[nodiscard]] bool fits_the_wire(std::chrono::milliseconds time);

// ErrorCode::invalid_request for a member of a "streams" or "classic" group.
[[nodiscard]] Status member_needs(std::string_view kind, std::string_view what);

// Permanent, naming what is missing, unless a member of such a group can be made of the options.
[[nodiscard]] Status check_member_options(std::string_view kind,
                                          const kafka::MembershipOptions& options);

}  // namespace moldau::inline v0::membership
