#include "membership/shared_member.h"

namespace moldau::inline v0::membership {

void SharedMember::announce() {
  bool news = false;
  {
    const std::lock_guard lock{mutex_};
    news = protocol_.take_announcement();
    if (left_ != nullptr && protocol_.state() == MemberProtocol::State::unjoined) {
      std::exchange(left_, nullptr)->open();
    }
  }
  if (!news) return;
  const std::lock_guard lock{calling_};
  if (on_event_) on_event_();
}

bool SharedMember::wait_until_left(std::chrono::milliseconds timeout) {
  const auto left = std::make_shared<Latch>();
  {
    const std::lock_guard lock{mutex_};
    if (protocol_.state() == MemberProtocol::State::unjoined) return true;
    left_ = left;
  }
  return left->wait(timeout);
}

void SharedMember::drop() {
  const std::lock_guard lock{calling_};
  on_event_ = nullptr;
  dropped_ = true;
}

bool SharedMember::dropped() {
  const std::lock_guard lock{calling_};
  return dropped_;
}

}  // namespace moldau::inline v0::membership
