#include "streams/signal_wait.h"

#include <gtest/gtest.h>

#include <signal.h>

namespace moldau::streams {
namespace {

TEST(SignalWait, EndsAtASignal) {
  int asked = 0;

  wait_for_signal([&] {
    if (++asked == 1) ::raise(SIGTERM);
    return asked > 50;
  });

  EXPECT_EQ(asked, 1);
}

TEST(SignalWait, EndsWhenThereIsNothingToWaitFor) {
  int asked = 0;

  wait_for_signal([&] { return ++asked == 2; });

  EXPECT_EQ(asked, 2);
}

TEST(SignalWait, GivesTheSignalsBack) {
  static volatile sig_atomic_t seen = 0;
  struct sigaction mine {};
  mine.sa_handler = [](int) { seen = 1; };
  struct sigaction before {};
  ::sigaction(SIGINT, &mine, &before);

  wait_for_signal([] { return true; });
  ::raise(SIGINT);
  ::sigaction(SIGINT, &before, nullptr);

  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace moldau::streams
