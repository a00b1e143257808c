#include "moldau/base/latch.h"

#include <gtest/gtest.h>

#include <thread>

namespace moldau {
namespace {

using namespace std::chrono_literals;

TEST(Latch, AClosedOneIsWaitedForNoLongerThanTheTimeGiven) {
  Latch latch;

  EXPECT_FALSE(latch.wait(0ms));
  EXPECT_FALSE(latch.wait(-1ms));
  EXPECT_FALSE(latch.wait(1ms));
}

TEST(Latch, OpeningItEndsAWait) {
  Latch latch;
  std::thread opener{[&] { latch.open(); }};

  EXPECT_TRUE(latch.wait(std::chrono::milliseconds::max()));
  opener.join();
}

TEST(Latch, StaysOpen) {
  Latch latch;
  latch.open();

  EXPECT_TRUE(latch.wait(0ms));
  EXPECT_TRUE(latch.wait(0ms));
}

}  // namespace
}  // namespace moldau
