#include "moldau/base/workers.h"

#include <gtest/gtest.h>

#include <pthread.h>

#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace moldau {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds long_enough = 30s;

class WorkerOf final : public Worker {
 public:
  using Step = std::function<std::optional<Clock::Steady>(std::chrono::milliseconds may_block)>;
  explicit WorkerOf(Step step) : step_(std::move(step)) {}
  std::optional<Clock::Steady> step(std::chrono::milliseconds may_block) override {
    return step_(may_block);
  }

 private:
  Step step_;
};

Clock::Steady at_once() { return {}; }

TEST(ThreadWorkers, StepUntilTheWorkerIsDoneAndNoMore) {
  int steps = 0;
  WorkerOf worker{[&steps](auto) -> std::optional<Clock::Steady> {
    if (++steps == 5) return std::nullopt;
    return at_once();
  }};

  const auto handle = thread_workers().start(worker, "five");

  EXPECT_TRUE(handle->join(long_enough));
  EXPECT_TRUE(handle->finished());
  EXPECT_EQ(steps, 5);
}

TEST(ThreadWorkers, RunBesideTheCallerUnderTheirName) {
  std::promise<std::pair<std::thread::id, std::string>> seen;
  WorkerOf worker{[&seen](auto) -> std::optional<Clock::Steady> {
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    seen.set_value({std::this_thread::get_id(), name.data()});
    return std::nullopt;
  }};

  const auto handle = thread_workers().start(worker, "a-name-of-20-letters");
  const auto [thread, name] = seen.get_future().get();

  EXPECT_NE(thread, std::this_thread::get_id());
  EXPECT_EQ(name, "a-name-of-20-le");
}

TEST(ThreadWorkers, MayBlockForABoundedTime) {
  std::promise<std::chrono::milliseconds> given;
  WorkerOf worker{[&given](std::chrono::milliseconds may_block) -> std::optional<Clock::Steady> {
    given.set_value(may_block);
    return std::nullopt;
  }};

  const auto handle = thread_workers().start(worker, "bounded");
  const std::chrono::milliseconds may_block = given.get_future().get();

  EXPECT_GT(may_block, 0ms);
  EXPECT_LE(may_block, 1s);
}

TEST(ThreadWorkers, AreSteppedAgainAtTheTimeTheyNamed) {
  Clock::Steady due;
  Clock::Steady stepped;
  int steps = 0;
  WorkerOf worker{[&](auto) -> std::optional<Clock::Steady> {
    if (++steps == 1) return due = std::chrono::steady_clock::now() + 20ms;
    stepped = std::chrono::steady_clock::now();
    return std::nullopt;
  }};

  const auto handle = thread_workers().start(worker, "later");

  ASSERT_TRUE(handle->join(long_enough));
  EXPECT_EQ(steps, 2);
  EXPECT_GE(stepped, due);
}

TEST(ThreadWorkers, AreWokenBeforeATimeThatIsFarOff) {
  std::promise<void> waiting;
  int steps = 0;
  WorkerOf worker{[&](auto) -> std::optional<Clock::Steady> {
    if (++steps > 1) return std::nullopt;
    waiting.set_value();
    return Clock::Steady::max();
  }};
  const auto handle = thread_workers().start(worker, "sleeper");
  waiting.get_future().wait();

  EXPECT_FALSE(handle->join(0ms));
  EXPECT_FALSE(handle->finished());
  handle->wake();

  EXPECT_TRUE(handle->join(std::chrono::milliseconds::max()));
  EXPECT_EQ(steps, 2);
}

TEST(ThreadWorkers, RememberAWakeThatComesDuringAStep) {
  std::promise<void> inside;
  std::promise<void> woken;
  int steps = 0;
  WorkerOf worker{[&](auto) -> std::optional<Clock::Steady> {
    if (++steps > 1) return std::nullopt;
    inside.set_value();
    woken.get_future().wait();
    return Clock::Steady::max();
  }};
  const auto handle = thread_workers().start(worker, "busy");
  inside.get_future().wait();

  handle->wake();
  woken.set_value();

  EXPECT_TRUE(handle->join(long_enough));
}

TEST(ThreadWorkers, MayWakeThemselves) {
  std::promise<WorkerHandle*> self;
  int steps = 0;
  WorkerOf worker{[&](auto) -> std::optional<Clock::Steady> {
    if (++steps > 1) return std::nullopt;
    self.get_future().get()->wake();
    return Clock::Steady::max();
  }};

  const auto handle = thread_workers().start(worker, "self");
  self.set_value(handle.get());

  EXPECT_TRUE(handle->join(long_enough));
}

TEST(ThreadWorkers, AreWokenAndJoinedByTheDestructorOfTheirHandle) {
  std::promise<void> waiting;
  int steps = 0;
  WorkerOf worker{[&](auto) -> std::optional<Clock::Steady> {
    if (++steps > 1) return std::nullopt;
    waiting.set_value();
    return Clock::Steady::max();
  }};
  auto handle = thread_workers().start(worker, "dropped");
  waiting.get_future().wait();

  handle.reset();

  EXPECT_EQ(steps, 2);
}

}  // namespace
}  // namespace moldau
