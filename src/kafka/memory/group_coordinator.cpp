#include "kafka/memory/group_coordinator.h"

#include "kafka/memory/refusals.h"
#include "kafka/wire/errors.h"

#include <string>

namespace moldau::inline v0::kafka::memory {

StreamsGroup& GroupCoordinator::group(const std::string& id) {
  return groups_.try_emplace(id, options_).first->second;
}

Status GroupCoordinator::commit(const std::string& id, const MemberSnapshot& as,
                                std::span<const CommittedOffset> committed) {
  StreamsGroup& members = group(id);
  if (as.member_id.empty()) {
    if (!members.empty() || !classic_group(id).empty()) {
      return stale_member("group \"" + id + "\" has members: only they may commit");
    }
  } else if (Status status = members.check_commit(as, committed); !status) {
    return status;
  }
  offsets(id).commit(committed);
  return {};
}

Status GroupCoordinator::check_transactional(const std::string& id, const MemberSnapshot& as,
                                             std::span<const CommittedOffset> committed) {
  if (as.member_id.empty()) return {};
  const ClassicGroup& classic = classic_group(id);
  if (classic.empty()) return group(id).check_commit(as, committed);
  const std::int16_t code = classic.check_commit(as.member_id, as.epoch.value());
  if (code == wire::error_code::none) return {};
  return stale_member("group \"" + id + "\" does not know member " + as.member_id +
                      " of generation " + std::to_string(as.epoch.value()));
}

std::int16_t GroupCoordinator::join_classic(const ClassicGroup::Join& request,
                                            std::string& member_id, Clock::Steady now) {
  if (!group(request.group_id).empty()) return wire::error_code::inconsistent_group_protocol;
  return classic_group(request.group_id).join(request, member_id, now);
}

void GroupCoordinator::expire(TopicTable& topics, Clock::Steady now) {
  for (auto& [id, group] : groups_) group.expire(topics, now);
  for (auto& [id, group] : classic_groups_) group.expire(now);
}

std::uint64_t GroupCoordinator::revision() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& [id, group] : groups_) sum += group.revision();
  return sum;
}

}  // namespace moldau::inline v0::kafka::memory
