#include "kafka/memory/group_coordinator.h"

#include "kafka/memory/refusals.h"

namespace moldau::inline v0::kafka::memory {

StreamsGroup& GroupCoordinator::group(const std::string& id) {
  return groups_.try_emplace(id, options_).first->second;
}

Status GroupCoordinator::commit(const std::string& id, const MemberSnapshot& as,
                                std::span<const CommittedOffset> committed) {
  StreamsGroup& members = group(id);
  if (as.member_id.empty()) {
    if (!members.empty()) {
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
  return as.member_id.empty() ? Status{} : group(id).check_commit(as, committed);
}

void GroupCoordinator::expire(TopicTable& topics, Clock::Steady now) {
  for (auto& [id, group] : groups_) group.expire(topics, now);
}

std::uint64_t GroupCoordinator::revision() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& [id, group] : groups_) sum += group.revision();
  return sum;
}

}  // namespace moldau::inline v0::kafka::memory
