#include "kafka/memory/classic_group.h"

#include "kafka/wire/errors.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {

namespace {

namespace error_code = wire::error_code;
using std::chrono::milliseconds;

}  // namespace

std::int16_t ClassicGroup::join(const Join& request, std::string& member_id, Clock::Steady now) {
  const bool named = !request.protocols.empty();
  if (!members_.empty() && (!named || request.protocol_type != protocol_type_ ||
                            request.protocols.front().name != protocol_name_)) {
    return error_code::inconsistent_group_protocol;
  }
  if (!named) return error_code::inconsistent_group_protocol;
  protocol_type_ = request.protocol_type;
  protocol_name_ = request.protocols.front().name;

  const std::string& metadata = request.protocols.front().metadata;
  const std::string known = find(request.group_instance_id.value_or(""));
  if (request.member_id.empty() && !known.empty()) return take_over(request, known, member_id, now);
  bool news = false;
  if (request.member_id.empty()) {
    member_id = new_id(request);
    news = true;
  } else {
    if (!known.empty() && known != request.member_id) return error_code::fenced_instance_id;
    if (!members_.contains(request.member_id)) return error_code::unknown_member_id;
    member_id = request.member_id;
    // The leader joins to have the assignments made again, whatever it says.
    news = members_[member_id].metadata != metadata ||
           (state_ == State::stable && member_id == leader_);
  }
  Member& member = members_[member_id];
  member.instance_id = request.group_instance_id.value_or("");
  member.session_timeout = milliseconds{request.session_timeout_ms};
  member.rebalance_timeout = milliseconds{request.rebalance_timeout_ms};
  member.metadata = metadata;
  member.last_heard = now;
  member.answer.reset();
  member.synced.reset();
  if (news && state_ != State::preparing) prepare(now);
  if (state_ != State::preparing) {
    member.answer = answer_for(member_id, member_id == leader_);
    return error_code::none;
  }
  member.joins = true;
  complete_if_all_joined(now);
  return error_code::none;
}

std::int16_t ClassicGroup::take_over(const Join& request, const std::string& old_id,
                                     std::string& member_id, Clock::Steady now) {
  member_id = new_id(request);
  auto node = members_.extract(old_id);
  node.key() = member_id;
  Member& member = members_.insert(std::move(node)).position->second;
  member.metadata = request.protocols.front().metadata;
  member.last_heard = now;
  member.answer.reset();
  member.synced.reset();
  const bool led = leader_ == old_id;
  if (led) leader_ = member_id;
  if (state_ == State::stable) {
    // The group goes on as it was. A leader that comes back is not told that it leads, or it would
    // make the assignments that are made.
    member.answer = answer_for(member_id, false);
    if (led) member.answer->leader = old_id;
    return error_code::none;
  }
  if (state_ == State::completing) prepare(now);
  member.joins = true;
  complete_if_all_joined(now);
  return error_code::none;
}

std::optional<ClassicGroup::Join::Response> ClassicGroup::joined(const std::string& member_id) {
  const auto found = members_.find(member_id);
  if (found == members_.end()) {
    return Join::Response{.error_code = error_code::unknown_member_id, .member_id = member_id};
  }
  return std::exchange(found->second.answer, std::nullopt);
}

std::int16_t ClassicGroup::sync(const Sync& request, Clock::Steady now) {
  const auto found = members_.find(request.member_id);
  if (found == members_.end()) return error_code::unknown_member_id;
  if (request.generation_id != generation_) return error_code::illegal_generation;
  if (state_ == State::preparing) return error_code::rebalance_in_progress;
  found->second.last_heard = now;
  if (state_ == State::completing && request.member_id == leader_) {
    for (auto& [id, member] : members_) member.assignment.clear();
    for (const Sync::Assignment& each : request.assignments) {
      if (const auto member = members_.find(each.member_id); member != members_.end()) {
        member->second.assignment = each.assignment;
      }
    }
    state_ = State::stable;
  }
  return error_code::none;
}

std::optional<ClassicGroup::Sync::Response> ClassicGroup::synced(const std::string& member_id) {
  const auto found = members_.find(member_id);
  if (found == members_.end()) {
    return Sync::Response{.error_code = error_code::unknown_member_id};
  }
  switch (state_) {
    case State::stable:
      return Sync::Response{.assignment = found->second.assignment};
    case State::preparing:
      return Sync::Response{.error_code = error_code::rebalance_in_progress};
    case State::completing:
      break;
  }
  return std::nullopt;
}

std::int16_t ClassicGroup::heartbeat(const wire::HeartbeatRequest& request, Clock::Steady now) {
  const auto found = members_.find(request.member_id);
  if (found == members_.end()) {
    return find(request.group_instance_id.value_or("")).empty() ? error_code::unknown_member_id
                                                                : error_code::fenced_instance_id;
  }
  if (request.generation_id != generation_) return error_code::illegal_generation;
  found->second.last_heard = now;
  return state_ == State::preparing ? error_code::rebalance_in_progress : error_code::none;
}

std::int16_t ClassicGroup::leave(const wire::LeaveGroupRequest::Member& who, Clock::Steady now) {
  const std::string id =
      who.member_id.empty() ? find(who.group_instance_id.value_or("")) : who.member_id;
  if (!members_.contains(id)) return error_code::unknown_member_id;
  remove(id, now);
  return error_code::none;
}

std::int16_t ClassicGroup::check_commit(const std::string& member_id,
                                        std::int32_t generation) const {
  if (!members_.contains(member_id)) return error_code::unknown_member_id;
  return generation == generation_ ? error_code::none : error_code::illegal_generation;
}

void ClassicGroup::expire(Clock::Steady now) {
  std::vector<std::string> gone;
  for (const auto& [id, member] : members_) {
    if (member.joins) continue;
    const bool silent = now - member.last_heard >= member.session_timeout;
    const bool late = state_ == State::preparing && now >= deadline_;
    if (silent || late) gone.push_back(id);
  }
  for (const std::string& id : gone) remove(id, now);
}

void ClassicGroup::prepare(Clock::Steady now) {
  state_ = State::preparing;
  milliseconds longest{0};
  for (const auto& [id, member] : members_) longest = std::max(longest, member.rebalance_timeout);
  deadline_ = now + longest;
}

void ClassicGroup::complete_if_all_joined(Clock::Steady now) {
  if (state_ != State::preparing || members_.empty()) return;
  if (std::ranges::all_of(members_, [](const auto& entry) { return entry.second.joins; })) {
    complete(now);
  }
}

void ClassicGroup::complete(Clock::Steady now) {
  ++generation_;
  state_ = State::completing;
  if (!members_.contains(leader_)) leader_ = members_.begin()->first;
  for (auto& [id, member] : members_) {
    member.joins = false;
    member.last_heard = now;
    member.answer = answer_for(id, id == leader_);
  }
}

void ClassicGroup::remove(const std::string& id, Clock::Steady now) {
  members_.erase(id);
  if (members_.empty()) {
    state_ = State::stable;
    leader_.clear();
    return;
  }
  if (state_ != State::preparing) prepare(now);
  complete_if_all_joined(now);
}

std::string ClassicGroup::find(const std::string& instance_id) const {
  if (instance_id.empty()) return {};
  const auto found = std::ranges::find_if(
      members_, [&](const auto& entry) { return entry.second.instance_id == instance_id; });
  return found == members_.end() ? std::string{} : found->first;
}

ClassicGroup::Join::Response ClassicGroup::answer_for(const std::string& id, bool leads) const {
  Join::Response answer{.generation_id = generation_,
                        .protocol_name = protocol_name_,
                        .leader = leader_,
                        .member_id = id};
  if (!leads) return answer;
  for (const auto& [each, member] : members_) {
    answer.members.push_back(
        {.member_id = each, .group_instance_id = member.instance_id, .metadata = member.metadata});
  }
  return answer;
}

std::string ClassicGroup::new_id(const Join& request) {
  return request.group_instance_id.value_or("member") + "-" + std::to_string(++ids_);
}

}  // namespace moldau::inline v0::kafka::memory
