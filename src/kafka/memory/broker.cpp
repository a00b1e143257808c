#include "kafka/memory/broker.h"

#include <algorithm>

namespace moldau::inline v0::kafka::memory {

namespace {

// A manual clock does not tell when it moves, so waiting calls look at it this often.
constexpr std::chrono::milliseconds longest_nap{20};

}  // namespace

Broker::Broker(const Clock& clock, BrokerOptions options) : clock_(clock), state_(options) {}

Broker::~Broker() = default;

void Broker::add(std::shared_ptr<MemberLink> link) {
  const std::lock_guard lock{mutex_};
  links_.push_back(std::move(link));
}

void Broker::remove(const MemberLink& link) {
  const std::lock_guard lock{mutex_};
  std::erase_if(links_, [&link](const auto& entry) { return entry.get() == &link; });
}

void Broker::wake(bool& flag) {
  const std::lock_guard lock{mutex_};
  flag = true;
  changed_.notify_all();
}

void Broker::expire_member(const std::string& group, const std::string& member_id) {
  Turn turn{*this};
  turn->groups.group(group).leave(member_id, turn->topics);
  turn.changed();
}

void Broker::set_silent(const std::string& member_id, bool silent) {
  const std::lock_guard lock{mutex_};
  if (silent) {
    silent_.insert(member_id);
  } else {
    silent_.erase(member_id);
  }
}

// Living members are heard of before sessions end, or a clock that jumps would end them all.
void Broker::tick() {
  const Clock::Steady now = clock_.steady();
  for (const auto& link : links_) {
    if (!silent_.contains(link->member_id)) {
      state_.groups.group(link->group).heard(link->member_id, now);
    }
  }
  state_.groups.expire(state_.topics, now);
  state_.transactions.expire(now, clock_.wall());
}

std::vector<std::shared_ptr<MemberLink>> Broker::take_news() {
  const std::uint64_t revision = state_.groups.revision();
  if (revision == news_told_) return {};
  news_told_ = revision;
  return links_;
}

Broker::Turn::Turn(Broker& broker) : broker_(broker), lock_(broker.mutex_) { broker_.tick(); }

Broker::Turn::~Turn() { tell(); }

// Leaves the lock open: a member that is told may call the broker.
void Broker::Turn::tell() {
  const std::vector<std::shared_ptr<MemberLink>> news = broker_.take_news();
  lock_.unlock();
  for (const auto& link : news) {
    const std::lock_guard lock{link->mutex};
    if (link->on_news) link->on_news();
  }
}

bool Broker::Turn::wait(std::chrono::milliseconds timeout, const std::function<bool()>& done) {
  if (done()) return true;
  const Clock::Steady begun = now();
  while (timeout > std::chrono::milliseconds::zero() && now() - begun < timeout) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(timeout - (now() - begun));
    broker_.changed_.wait_for(lock_, std::min(left, longest_nap));
    broker_.tick();
    if (broker_.state_.groups.revision() != broker_.news_told_) {
      tell();
      lock_.lock();
    }
    if (done()) return true;
  }
  return false;
}

}  // namespace moldau::inline v0::kafka::memory
