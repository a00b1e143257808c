#include "membership/member_options.h"

#include <cstdint>
#include <limits>
#include <string>

namespace moldau::inline v0::membership {

bool fits_the_wire(std::chrono::milliseconds time) {
  return time.count() >= 1 && time.count() <= std::numeric_limits<std::int32_t>::max();
}

Status member_needs(std::string_view kind, std::string_view what) {
  return Status::permanent(ErrorCode::invalid_request, "a member of a " + std::string{kind} +
                                                           " group needs a " + std::string{what});
}

Status check_member_options(std::string_view kind, const kafka::MembershipOptions& options) {
  if (options.group_id.empty()) return member_needs(kind, "group id");
  if (options.member_id.empty()) return member_needs(kind, "member id");
  if (options.process_id.empty()) return member_needs(kind, "process id");
  if (!fits_the_wire(options.rebalance_timeout)) {
    return member_needs(kind, "rebalance timeout between 1 and 2147483647 ms");
  }
  return {};
}

}  // namespace moldau::inline v0::membership
