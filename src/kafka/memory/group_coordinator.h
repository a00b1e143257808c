#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/status.h"
#include "moldau/kafka/values.h"

#include "kafka/memory/classic_group.h"
#include "kafka/memory/group_offsets.h"
#include "kafka/memory/streams_group.h"
#include "kafka/memory/topic_table.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// All groups: their members, and their offsets, which outlive the members. Guarded by the broker's
// lock.
class GroupCoordinator {
 public:
  explicit GroupCoordinator(GroupOptions options) : options_(options) {}

  // Make an empty one if there is none. A group id has members of one kind at a time.
  [[nodiscard]] StreamsGroup& group(const std::string& id);
  [[nodiscard]] ClassicGroup& classic_group(const std::string& id) { return classic_groups_[id]; }
  // ClassicGroup::join(), unless the id has a streams group with members.
  std::int16_t join_classic(const ClassicGroup::Join& request, std::string& member_id,
                            Clock::Steady now);
  [[nodiscard]] GroupOffsets& offsets(const std::string& id) { return offsets_[id]; }

  // A plain commit. stale_member as StreamsGroup::check_commit(); without a member id only while
  // the group is empty.
  Status commit(const std::string& group, const MemberSnapshot& as,
                std::span<const CommittedOffset> offsets);
  // Whether a transaction may carry these offsets. Without a member id the coordinator does not
  // fence at all.
  [[nodiscard]] Status check_transactional(const std::string& group, const MemberSnapshot& as,
                                           std::span<const CommittedOffset> offsets);

  // What time and topics do to groups.
  void expire(TopicTable& topics, Clock::Steady now);
  // Grows with everything that may be news to some member.
  [[nodiscard]] std::uint64_t revision() const noexcept;

 private:
  GroupOptions options_;
  std::map<std::string, StreamsGroup> groups_;
  std::map<std::string, ClassicGroup> classic_groups_;
  std::map<std::string, GroupOffsets> offsets_;
};

}  // namespace moldau::inline v0::kafka::memory
