#include "membership/shared_member.h"

#include "membership/classic/classic_protocol.h"

namespace moldau::inline v0::membership {

template <class Protocol>
void Shared<Protocol>::announce() {
  bool news = false;
  {
    const std::lock_guard lock{mutex_};
    news = protocol_.take_announcement();
    if (left_ != nullptr && protocol_.state() == Protocol::State::unjoined) {
      std::exchange(left_, nullptr)->open();
    }
  }
  if (!news) return;
  const std::lock_guard lock{calling_};
  if (on_event_) on_event_();
}

template <class Protocol>
bool Shared<Protocol>::wait_until_left(std::chrono::milliseconds timeout) {
  const auto left = std::make_shared<Latch>();
  {
    const std::lock_guard lock{mutex_};
    if (protocol_.state() == Protocol::State::unjoined) return true;
    left_ = left;
  }
  return left->wait(timeout);
}

template <class Protocol>
void Shared<Protocol>::drop() {
  const std::lock_guard lock{calling_};
  on_event_ = nullptr;
  dropped_ = true;
}

template <class Protocol>
bool Shared<Protocol>::dropped() {
  const std::lock_guard lock{calling_};
  return dropped_;
}

template class Shared<MemberProtocol>;
template class Shared<classic::ClassicProtocol>;

}  // namespace moldau::inline v0::membership
