#pragma once

#include "moldau/base/latch.h"

#include "membership/member_protocol.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace moldau::inline v0::membership {

// A member as its stream thread and the membership worker share it: the protocol behind a lock that
// is held for computations only, and the ways to call the other side.
template <class Protocol>
class Shared {
 public:
  Shared(typename Protocol::Identity identity, std::string client_id,
         std::function<void()> on_event)
      : client_id_(std::move(client_id)),
        protocol_(std::move(identity)),
        on_event_(std::move(on_event)) {}

  // The name its requests go by. The group keeps it: another one would be news to everybody.
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }

  // Calls `use` with the protocol. Any thread; `use` must not block.
  template <class F>
  auto with(F use) {
    const std::lock_guard lock{mutex_};
    return use(protocol_);
  }

  // Tells the stream thread if there is something new for it, and whoever waits in
  // wait_until_left() if the member has left. By the worker, after each turn.
  void announce();

  // Waits for the end of the protocol's leave(), at most `timeout`; true if it has come.
  bool wait_until_left(std::chrono::milliseconds timeout);

  // The stream thread's side is gone: nothing is announced from here on.
  void drop();
  [[nodiscard]] bool dropped();

 private:
  const std::string client_id_;
  std::mutex mutex_;  // guards protocol_ and left_
  Protocol protocol_;
  std::shared_ptr<Latch> left_;  // shared with the thread that waits; null if none does
  std::mutex calling_;           // guards on_event_, also while it runs
  std::function<void()> on_event_;
  bool dropped_ = false;  // guarded by calling_
};

using SharedMember = Shared<MemberProtocol>;

}  // namespace moldau::inline v0::membership
