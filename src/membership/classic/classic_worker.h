#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/logger.h"
#include "moldau/base/workers.h"
#include "moldau/kafka/admin.h"

#include "kafka/wire/coordinator_link.h"
#include "membership/classic/classic_protocol.h"
#include "membership/classic/topic_check.h"
#include "membership/shared_member.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace moldau::inline v0::membership::classic {

using MakeAdmin = std::function<Result<std::unique_ptr<kafka::Admin>>()>;

// Sends the requests of one member of a classic group over a connection of its own, because the
// answer to a join comes when all members have joined, and nothing else can be asked before. While
// the member leads the group the worker makes the internal topics and the assignments.
class ClassicWorker final : public Worker {
 public:
  struct Leading {
    MakeAdmin make_admin;
    std::size_t standby_replicas = 0;
  };

  // `clock` must outlive it.
  ClassicWorker(std::shared_ptr<Shared<ClassicProtocol>> member,
                std::unique_ptr<kafka::wire::CoordinatorLink> link, Leading leading,
                const Clock& clock, std::shared_ptr<Logger> logger);

  // The next step is the last one. Any thread.
  void finish();

  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override;

 private:
  void turn(std::chrono::milliseconds may_block);
  [[nodiscard]] Clock::Steady next_turn() const;
  void connect(std::chrono::milliseconds may_block);
  void send();
  void receive(std::chrono::milliseconds may_block);
  template <class Request>
  void receive(std::chrono::milliseconds may_block);
  void answer_lost(const Status& why);
  void follow(Advice advice);
  void trouble(const Status& status);

  // Goes on with the assignments, if the member is to make them; true if it is.
  bool lead(std::chrono::milliseconds may_block);
  void put_off_assignments(const Status& why);
  // Whether the topics are still what the last assignments were made from.
  void look_at_topics(std::chrono::milliseconds may_block);
  Status have_admin();

  enum class Waiting : std::uint8_t { none, join, sync, heartbeat, leave };

  const std::shared_ptr<Shared<ClassicProtocol>> member_;  // shared with the stream thread
  const std::unique_ptr<kafka::wire::CoordinatorLink> link_;
  const Leading leading_;
  const Clock& clock_;
  const std::shared_ptr<Logger> logger_;
  const std::string group_;
  std::atomic<bool> finishing_ = false;
  Waiting waiting_ = Waiting::none;
  Clock::Steady deadline_;  // of the answer
  std::optional<Clock::Steady> trouble_since_;
  std::optional<Clock::Steady> last_complaint_;
  std::unique_ptr<kafka::Admin> admin_;  // made when the member leads for the first time
  std::unique_ptr<TopicCheck> check_;    // while assignments are made
  std::optional<Clock::Steady> leading_since_;
  std::optional<TopicCounts> counts_;  // of the last assignments
  Clock::Steady next_look_;
};

}  // namespace moldau::inline v0::membership::classic
