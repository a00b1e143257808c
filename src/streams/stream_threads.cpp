#include "streams/stream_threads.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::streams {

namespace {

using runtime::ThreadState;

bool is_live(const StreamThreads::Thread& thread) {
  const ThreadState state = thread.thread->state();
  return state != ThreadState::pending_shutdown && state != ThreadState::dead;
}

bool has_ended(const StreamThreads::Thread& thread) {
  return thread.handle != nullptr && thread.handle->finished();
}

}  // namespace

std::optional<std::string> StreamThreads::add(const std::function<bool()>& allowed) {
  std::vector<std::shared_ptr<Thread>> ended;  // goes after the lock
  const std::lock_guard lock{mutex_};
  if (!allowed()) return std::nullopt;
  ended = take_ended();
  const std::shared_ptr<Thread> added = take_up(free_index());
  share_cache();
  run(*added);
  return added->thread->name();
}

void StreamThreads::start(int count) {
  const std::lock_guard lock{mutex_};
  for (int index = 1; index <= count; ++index) take_up(index);
  share_cache();
  for (const std::shared_ptr<Thread>& thread : threads_) run(*thread);
}

std::shared_ptr<StreamThreads::Thread> StreamThreads::stop_one() {
  const std::lock_guard lock{mutex_};
  std::shared_ptr<Thread> chosen;
  for (const std::shared_ptr<Thread>& thread : threads_) {
    if (is_live(*thread) && (chosen == nullptr || thread->index > chosen->index)) chosen = thread;
  }
  if (chosen != nullptr) chosen->thread->request_stop();
  return chosen;
}

void StreamThreads::stop_all() {
  const std::lock_guard lock{mutex_};
  for (const std::shared_ptr<Thread>& thread : threads_) thread->thread->request_stop();
}

void StreamThreads::wake_all() {
  const std::lock_guard lock{mutex_};
  for (const std::shared_ptr<Thread>& thread : threads_) thread->thread->wake();
}

void StreamThreads::reap() {
  std::vector<std::shared_ptr<Thread>> ended;  // goes after the lock
  const std::lock_guard lock{mutex_};
  ended = take_ended();
  share_cache();
}

std::vector<std::shared_ptr<StreamThreads::Thread>> StreamThreads::take_ended() {
  const auto first = std::stable_partition(threads_.begin(), threads_.end(),
                                           [](const auto& thread) { return !has_ended(*thread); });
  std::vector<std::shared_ptr<Thread>> ended{first, threads_.end()};
  threads_.erase(first, threads_.end());
  return ended;
}

bool StreamThreads::join_all(const std::function<std::chrono::milliseconds()>& left) {
  for (const std::shared_ptr<Thread>& thread : all()) {
    if (thread->handle != nullptr && !thread->handle->join(left())) return false;
  }
  return true;
}

StreamThreads::Summary StreamThreads::summary() const {
  Summary summary{.any_live = false, .all_running = true, .all_dead = true};
  const std::lock_guard lock{mutex_};
  for (const std::shared_ptr<Thread>& thread : threads_) {
    const ThreadState state = thread->thread->state();
    if (state != ThreadState::dead) summary.all_dead = false;
    if (!is_live(*thread)) continue;
    summary.any_live = true;
    summary.all_running = summary.all_running && state == ThreadState::running;
  }
  return summary;
}

// A thread that is only stopping still has its member and its transactional id.
int StreamThreads::free_index() const {
  int index = 1;
  const auto taken = [&](const std::shared_ptr<Thread>& thread) {
    return thread->index == index && !has_ended(*thread);
  };
  while (std::ranges::any_of(threads_, taken)) ++index;
  return index;
}

// As in the reference: each thread has an equal part.
void StreamThreads::share_cache() {
  const auto sharing = static_cast<std::size_t>(
      std::ranges::count_if(threads_, [](const auto& thread) { return is_live(*thread); }));
  if (sharing == 0) return;
  for (const std::shared_ptr<Thread>& thread : threads_) {
    if (is_live(*thread)) thread->stores->resize_cache(cache_bytes_ / sharing);
  }
}

std::shared_ptr<StreamThreads::Thread> StreamThreads::take_up(int index) {
  auto made = std::make_shared<Thread>(make_(index));
  made->index = index;
  threads_.push_back(made);
  return made;
}

void StreamThreads::run(Thread& thread) {
  thread.handle = workers_.start(*thread.thread, thread.thread->name());
}

std::vector<std::shared_ptr<StreamThreads::Thread>> StreamThreads::all() const {
  const std::lock_guard lock{mutex_};
  return threads_;
}

}  // namespace moldau::inline v0::streams
