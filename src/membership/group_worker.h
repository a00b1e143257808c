#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/workers.h"

#include "kafka/wire/coordinator_link.h"
#include "membership/shared_member.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::membership {

// Sends the heartbeats of all members that this process has in one group, one request at a time
// over one connection, and hands them their answers. Knows nothing of what the answers mean.
//
// A request without an answer ends the connection, so that a late one can never be taken for the
// answer to a later request.
class GroupWorker final : public Worker {
 public:
  // `clock` must outlive it.
  GroupWorker(std::string group_id, std::unique_ptr<kafka::wire::CoordinatorLink> link,
              const Clock& clock, std::shared_ptr<Logger> logger);

  // Any thread. A member that has been dropped is forgotten.
  void add(std::shared_ptr<SharedMember> member);
  // The next step is the last one. Any thread.
  void finish();

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

 private:
  using Members = std::vector<std::shared_ptr<SharedMember>>;
  struct InFlight {
    std::shared_ptr<SharedMember> member;
    Clock::Steady deadline;
    bool describes = false;
  };

  void turn(std::chrono::milliseconds may_block);
  [[nodiscard]] Members living();
  [[nodiscard]] std::shared_ptr<SharedMember> most_urgent(const Members& members,
                                                          Clock::Steady now) const;
  [[nodiscard]] std::optional<Clock::Steady> next_turn(const Members& members) const;

  void connect(const Members& members, std::chrono::milliseconds may_block);
  void send(const std::shared_ptr<SharedMember>& member);
  void receive(std::chrono::milliseconds may_block);
  template <class Request>
  void receive(std::chrono::milliseconds may_block);
  void answer_lost(const Status& why);
  void follow(Advice advice);
  void trouble(const Members& members, const Status& status);
  void report_waiting(SharedMember& member);

  const std::string group_id_;
  const std::unique_ptr<kafka::wire::CoordinatorLink> link_;
  const Clock& clock_;
  const std::shared_ptr<Logger> logger_;
  std::atomic<bool> finishing_ = false;
  std::mutex mutex_;  // guards members_
  Members members_;
  std::optional<InFlight> in_flight_;
  std::optional<Clock::Steady> trouble_since_;
  std::optional<Clock::Steady> last_complaint_;
  std::string reported_;  // what the group waits for
};

}  // namespace moldau::inline v0::membership
