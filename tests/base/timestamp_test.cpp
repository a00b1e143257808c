#include "moldau/base/timestamp.h"

#include "moldau/base/clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <type_traits>

namespace moldau {
namespace {

using namespace std::chrono_literals;

static_assert(!std::is_convertible_v<std::int64_t, Timestamp>);
static_assert(!std::is_convertible_v<std::chrono::milliseconds, Timestamp>);

TEST(Timestamp, CountsMilliseconds) {
  const Timestamp time{1000ms};

  EXPECT_EQ((time + 2s).milliseconds(), 3000);
  EXPECT_EQ((time - 1ms).milliseconds(), 999);
  EXPECT_EQ(time - Timestamp{std::int64_t{400}}, 600ms);
  EXPECT_LT(time, time + 1ms);
}

TEST(Timestamp, IsNegativeOnlyWhenUnknown) {
  EXPECT_TRUE(Timestamp::unknown().negative());
  EXPECT_EQ(Timestamp::unknown().milliseconds(), -1);
  EXPECT_FALSE(Timestamp{}.negative());
}

TEST(Timestamp, SaturatingAddStopsAtTheLatestTime) {
  constexpr Timestamp::duration step{1};

  EXPECT_EQ(saturating_add(Timestamp{5}, step), Timestamp{6});
  EXPECT_EQ(saturating_add(Timestamp::max(), step), Timestamp::max());
  EXPECT_EQ(saturating_add(Timestamp{0}, Timestamp::duration::max()), Timestamp::max());
  EXPECT_EQ(saturating_add(Timestamp{-5}, Timestamp::duration::max()).milliseconds(),
            Timestamp::max().milliseconds() - 5);
}

TEST(SystemClock, NeverGoesBack) {
  const Clock::Steady first = system_clock().steady();
  const Clock::Steady second = system_clock().steady();

  EXPECT_LE(first, second);
}

TEST(SystemClock, TellsTheTimeOfTheMachine) {
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const Timestamp wall = system_clock().wall();
  const auto after = std::chrono::system_clock::now().time_since_epoch();

  EXPECT_GE(wall.milliseconds(), std::chrono::floor<std::chrono::milliseconds>(before).count());
  EXPECT_LE(wall.milliseconds(), std::chrono::floor<std::chrono::milliseconds>(after).count());
}

}  // namespace
}  // namespace moldau
