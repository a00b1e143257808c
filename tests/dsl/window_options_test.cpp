// Windows that cannot be are refused when the aggregation is added, by a message that names it.

#include "dsl/window_fixture.h"

namespace moldau::test {
namespace {

using ::testing::HasSubstr;

template <class Windows>
Text refusal(const Windows& windows, EmitStrategy emit = EmitStrategy::on_window_update,
             Materialized<Text, Text> store = {}) {
  StreamsBuilder builder;
  const auto grouped = builder.stream<Text, Text>("in").group_by_key();
  try {
    values_in(grouped, windows, emit, std::move(store));
  } catch (const TopologyError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(WindowOptions, TimeWindowsHaveASizeAboveZero) {
  EXPECT_THAT(refusal(TimeWindows{}), HasSubstr("time windows need a size above zero, not 0 ms"));
}

TEST(WindowOptions, TimeWindowsAdvanceByMoreThanZeroAndAtMostTheirSize) {
  EXPECT_THAT(refusal(TimeWindows{.size = 10ms, .advance = 0ms}),
              HasSubstr("at most their size of 10 ms, not by 0 ms"));
  EXPECT_THAT(refusal(TimeWindows{.size = 10ms, .advance = 11ms}),
              HasSubstr("at most their size of 10 ms, not by 11 ms"));
}

TEST(WindowOptions, NoGracePeriodIsNegative) {
  EXPECT_THAT(refusal(TimeWindows{.size = 10ms, .grace = -1ms}),
              HasSubstr("windows need a grace period of zero or more, not -1 ms"));
  EXPECT_THAT(refusal(SlidingWindows{.time_difference = 10ms, .grace = -1ms}),
              HasSubstr("windows need a grace period of zero or more, not -1 ms"));
  EXPECT_THAT(refusal(SessionWindows{.inactivity_gap = 10ms, .grace = -1ms}),
              HasSubstr("windows need a grace period of zero or more, not -1 ms"));
}

TEST(WindowOptions, SlidingWindowsMayHoldEqualTimesOnly) {
  EXPECT_EQ(refusal(SlidingWindows{}), "nothing");
  EXPECT_THAT(refusal(SlidingWindows{.time_difference = -1ms}),
              HasSubstr("sliding windows need a time difference of zero or more, not -1 ms"));
}

TEST(WindowOptions, SessionsMayHoldEqualTimesOnlyIfTheProgramSaysSo) {
  EXPECT_EQ(refusal(SessionWindows{.inactivity_gap = 0ms}), "nothing");
  EXPECT_THAT(refusal(SessionWindows{}),
              HasSubstr("sessions need an inactivity gap of zero or more, not -1 ms"));
}

TEST(WindowOptions, UnlimitedWindowsStartAtTheEpochOrLater) {
  EXPECT_THAT(refusal(UnlimitedWindows{.start = Timestamp{-1}}),
              HasSubstr("an unlimited window starts at zero or later, not at -1"));
}

TEST(WindowOptions, UnlimitedWindowsHaveNoFinalResult) {
  EXPECT_THAT(refusal(UnlimitedWindows{}, EmitStrategy::on_window_close),
              HasSubstr("an unlimited window never closes"));
}

TEST(WindowOptions, WindowsAreKeptAsLongAsTheyCanChange) {
  EXPECT_THAT(refusal(TimeWindows{.size = 10ms, .grace = 5ms}, EmitStrategy::on_window_update,
                      {.retention = 14ms}),
              HasSubstr("its windows are kept for 14 ms, but are needed for 15 ms"));
  EXPECT_EQ(refusal(TimeWindows{.size = 10ms, .grace = 5ms}, EmitStrategy::on_window_update,
                    {.retention = 15ms}),
            "nothing");
}

TEST(WindowOptions, ARefusalNamesTheOperator) {
  EXPECT_THAT(refusal(TimeWindows{}), HasSubstr("\"KSTREAM-AGGREGATE-0000000002\""));
}

}  // namespace
}  // namespace moldau::test
