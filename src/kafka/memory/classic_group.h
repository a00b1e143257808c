#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/values.h"

#include "kafka/wire/messages.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace moldau::inline v0::kafka::memory {

// One classic group: who is a member, in which generation, and what its leader told each. Members
// all join before anybody is answered; then the leader makes the assignments, which the group does
// not read. Answers are error codes of the protocol. Guarded by the broker's lock.
class ClassicGroup {
 public:
  using Join = wire::JoinGroupRequest;
  using Sync = wire::SyncGroupRequest;

  // Begins a join; `member_id` becomes the one that joined(), which has the answer, is asked for.
  // A member that comes back under its instance id takes its place over, with its assignment.
  std::int16_t join(const Join& request, std::string& member_id, Clock::Steady now);
  // nullopt while others have not joined.
  std::optional<Join::Response> joined(const std::string& member_id);
  std::int16_t sync(const Sync& request, Clock::Steady now);
  // nullopt while the leader has not said anything.
  std::optional<Sync::Response> synced(const std::string& member_id);
  std::int16_t heartbeat(const wire::HeartbeatRequest& request, Clock::Steady now);
  // By member id, or by instance id if that is empty.
  std::int16_t leave(const wire::LeaveGroupRequest::Member& who, Clock::Steady now);
  [[nodiscard]] std::int16_t check_commit(const std::string& member_id,
                                          std::int32_t generation) const;

  // Ends sessions that are too old, and rebalances that some do not join.
  void expire(Clock::Steady now);
  [[nodiscard]] bool empty() const noexcept { return members_.empty(); }

 private:
  enum class State : std::uint8_t { stable, preparing, completing };
  struct Member {
    std::string instance_id;
    std::chrono::milliseconds session_timeout{};
    std::chrono::milliseconds rebalance_timeout{};
    std::string metadata;
    Clock::Steady last_heard;
    bool joins = false;                    // waits for the others
    std::optional<Join::Response> answer;  // to its join
    std::optional<Sync::Response> synced;  // to its sync
    std::string assignment;                // of the last generation
  };

  std::int16_t take_over(const Join& request, const std::string& old_id, std::string& member_id,
                         Clock::Steady now);
  void prepare(Clock::Steady now);
  void complete_if_all_joined(Clock::Steady now);
  void complete(Clock::Steady now);
  void remove(const std::string& id, Clock::Steady now);
  [[nodiscard]] std::string find(const std::string& instance_id) const;
  [[nodiscard]] Join::Response answer_for(const std::string& id, bool leads) const;
  std::string new_id(const Join& request);

  State state_ = State::stable;
  std::int32_t generation_ = 0;
  std::string protocol_type_;
  std::string protocol_name_;
  std::string leader_;
  std::map<std::string, Member> members_;
  Clock::Steady deadline_;  // of the rebalance
  std::uint64_t ids_ = 0;   // given out
};

}  // namespace moldau::inline v0::kafka::memory
