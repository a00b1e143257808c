#pragma once

#include "moldau/base/clock.h"
#include "moldau/kafka/clients.h"

#include "kafka/memory/faults.h"
#include "kafka/memory/group_coordinator.h"
#include "kafka/memory/topic_table.h"
#include "kafka/memory/transaction_coordinator.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {

struct BrokerOptions {
  GroupOptions groups;
  // A compacted partition is cleaned by itself when so many entries have come since the last time,
  // and min.cleanable.dirty.ratio says so too.
  std::size_t compact_after = 10'000;
};

// What a broker knows.
struct BrokerState {
  explicit BrokerState(const BrokerOptions& options)
      : topics(options.compact_after), groups(options.groups), transactions(topics, groups) {}

  TopicTable topics;
  GroupCoordinator groups;
  TransactionCoordinator transactions;
  Faults faults;
};

// A member object of this process: it is heard of as long as it lives, as if it sent heartbeats.
// Shared by the member and the broker.
struct MemberLink {
  std::string group;
  std::string member_id;
  std::mutex mutex;               // guards on_news, also while it runs
  std::function<void()> on_news;  // empty once the member is gone; may call Broker::wake() only
};

// A Kafka cluster of one broker in this process, as far as moldau uses one. Clients reach its state
// through a Turn: one call at a time, everything that time has brought about done first.
//
// All time is the clock's: transactions, sessions and compaction look at nothing else, and a call
// with time-out zero never waits. Any thread. Outlives the clients made from it.
class Broker {
 public:
  explicit Broker(const Clock& clock, BrokerOptions options = {});
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;
  ~Broker();

  class Turn;

  // For members.
  void add(std::shared_ptr<MemberLink> link);
  void remove(const MemberLink& link);

  // Sets a flag that a waiting call looks at, and nothing else: may be called from on_news.
  void wake(bool& flag);

  // Hooks for tests and simulators, beside Turn's `faults` and `transactions`.
  //
  // The member's session ends now, though it lives.
  void expire_member(const std::string& group, const std::string& member_id);
  // A silent member is not heard of any more: its session runs out on the clock.
  void set_silent(const std::string& member_id, bool silent);

 private:
  void tick();
  [[nodiscard]] std::vector<std::shared_ptr<MemberLink>> take_news();

  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  BrokerState state_;
  std::vector<std::shared_ptr<MemberLink>> links_;
  std::set<std::string> silent_;
  std::uint64_t news_told_ = 0;  // the groups' revision that members have been told of
};

// Exclusive access to a broker for the length of one client call. When it ends, members that have
// news are told, outside the lock.
class Broker::Turn {
 public:
  explicit Turn(Broker& broker);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  BrokerState* operator->() noexcept { return &broker_.state_; }
  [[nodiscard]] Clock::Steady now() const { return broker_.clock_.steady(); }
  [[nodiscard]] Timestamp wall() const { return broker_.clock_.wall(); }

  // Something changed that others may wait for.
  void changed() { broker_.changed_.notify_all(); }

  // Asks `done` until it says yes or `timeout` has passed on the broker's clock; true for yes. With
  // time-out zero it is asked once and nothing waits. Others have their turns in between, so
  // nothing read before may be believed afterwards.
  bool wait(std::chrono::milliseconds timeout, const std::function<bool()>& done);

 private:
  void tell();

  Broker& broker_;
  std::unique_lock<std::mutex> lock_;
};

}  // namespace moldau::inline v0::kafka::memory
