// What windowed aggregations do with records that have no key, no value, or the wrong time.

#include "dsl/window_fixture.h"

#include <limits>

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::milliseconds end_of_time{std::numeric_limits<std::int64_t>::max()};

class TimeWindowRecords : public WindowTest {};

TEST_F(TimeWindowRecords, WithoutAKeyAreDropped) {
  run(TimeWindows{.size = 10ms});

  EXPECT_THAT(pipe(none, "x", 0ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(TimeWindowRecords, WithoutAValueAreLikeAnyOther) {
  run(TimeWindows{.size = 10ms});

  EXPECT_THAT(pipe("a", none, 0ms), ElementsAre("a@0-10=-@0"));
  EXPECT_THAT(pipe("a", "x", 1ms), ElementsAre("a@0-10=-x@1"));
  EXPECT_EQ(dropped(), 0);
}

TEST_F(TimeWindowRecords, ThatAreOutOfOrderDoNotTakeTheTimeOfTheRowBack) {
  run(TimeWindows{.size = 10ms});
  pipe("a", "x", 5ms);

  EXPECT_THAT(pipe("a", "y", 3ms), ElementsAre("a@0-10=xy@5"));
}

TEST_F(TimeWindowRecords, AreLateOnceTheTimeHasReachedTheEndAndTheGracePeriodIsOver) {
  run(TimeWindows{.size = 10ms, .grace = 5ms});
  pipe("b", "x", 14ms);

  EXPECT_THAT(pipe("a", "x", 9ms), ElementsAre("a@0-10=x@9"));
  pipe("b", "x", 15ms);
  EXPECT_THAT(pipe("a", "y", 9ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(TimeWindowRecords, AreCountedForEachWindowTheyAreLateFor) {
  run(TimeWindows{.size = 6ms, .advance = 2ms});
  pipe("b", "x", 9ms);

  EXPECT_THAT(pipe("a", "x", 5ms), ElementsAre("a@4-10=x@5"));
  EXPECT_EQ(dropped(), 2);
}

TEST_F(TimeWindowRecords, AreNotLateByWhatAnotherStreamOfTheirCogroupHasSeen) {
  StreamsBuilder builder;
  const auto in = builder.stream<Text, Text>("in").group_by_key();
  const auto other = builder.stream<Text, Text>("other").group_by_key();
  const TimeWindows windows{.size = 10ms, .grace = 20ms};
  in.cogroup<Text>(add_value)
      .cogroup(other, add_value)
      .windowed_by(windows)
      .aggregate(no_values)
      .to_stream()
      .to("out");
  start(builder, windows);
  pipe("other", "a", "x", 29ms);
  pipe("other", "a", "y", 30ms);

  EXPECT_THAT(pipe("other", "a", "z", 0ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(pipe("in", "a", "z", 1ms), ElementsAre("a@0-10=z@1"));
}

TEST_F(TimeWindowRecords, BeforeTheEpochAreDropped) {
  run(TimeWindows{.size = 10ms});

  EXPECT_THAT(pipe("a", "x", -1ms), IsEmpty());
  EXPECT_THAT(pipe("a", "y", -500ms), IsEmpty());
  EXPECT_EQ(dropped(), 2);
}

TEST_F(TimeWindowRecords, BeforeTheEpochStopATaskThatDoesNotSkipThem) {
  Config config{.application_id = "test"};
  run(TimeWindows{.size = 10ms}, EmitStrategy::on_window_update, config);

  EXPECT_THROW(pipe("a", "x", -1ms), Error);
}

TEST_F(TimeWindowRecords, AtTheEndOfTimeHaveTheLastWindow) {
  run(TimeWindows{.size = 10ms, .grace = 1ms});

  const Texts out = pipe("a", "x", end_of_time);

  ASSERT_EQ(out.size(), 1U);
  EXPECT_THAT(out.front(), ::testing::EndsWith("=x@9223372036854775807"));
  EXPECT_EQ(dropped(), 0);
}

class SlidingWindowRecords : public WindowTest {};

TEST_F(SlidingWindowRecords, WithoutAKeyOrAValueAreDropped) {
  run(SlidingWindows{.time_difference = 10ms});

  EXPECT_THAT(pipe(none, "x", 0ms), IsEmpty());
  EXPECT_THAT(pipe("a", none, 0ms), IsEmpty());
  EXPECT_EQ(dropped(), 2);
}

TEST_F(SlidingWindowRecords, AreLateWhenAllWindowsAroundThemHaveClosed) {
  run(SlidingWindows{.time_difference = 10ms, .grace = 5ms});
  pipe("b", "x", 100ms);

  EXPECT_THAT(pipe("a", "x", 84ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(pipe("a", "y", 95ms), ElementsAre("a@85-95=y@95"));
  EXPECT_EQ(dropped(), 1);
}

TEST_F(SlidingWindowRecords, AreCountedForAWindowTheyAreTooLateToOpen) {
  run(SlidingWindows{.time_difference = 10ms, .grace = 5ms});
  pipe("a", "x", 100ms);

  // It ends at 94, which is closed; the one behind it goes on.
  EXPECT_THAT(pipe("a", "y", 94ms), ElementsAre("a@90-100=xy@100", "a@95-105=x@100"));
  EXPECT_EQ(dropped(), 1);
}

// The only window that tells of the record at 79 starts further back than the retention.
TEST_F(SlidingWindowRecords, OpenTheWindowBehindOneThatHasJustClosed) {
  run(SlidingWindows{.time_difference = 10ms});
  pipe("a", "x", 79ms);
  pipe("b", "x", 89ms);
  pipe("b", "y", 90ms);

  EXPECT_THAT(pipe("a", "y", 89ms), ElementsAre("a@80-90=y@89"));
  EXPECT_EQ(dropped(), 1);
}

TEST_F(SlidingWindowRecords, NearTheEpochShareTheFirstWindow) {
  run(SlidingWindows{.time_difference = 10ms});

  EXPECT_THAT(pipe("a", "x", 0ms), ElementsAre("a@0-10=x@0"));
  EXPECT_THAT(pipe("a", "y", 4ms), ElementsAre("a@1-11=y@4", "a@0-10=xy@4"));
}

TEST_F(SlidingWindowRecords, BeforeTheEpochAreDropped) {
  run(SlidingWindows{.time_difference = 10ms});

  EXPECT_THAT(pipe("a", "x", -1ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

class SessionRecords : public WindowTest {};

TEST_F(SessionRecords, WithoutAKeyAreDropped) {
  run(SessionWindows{.inactivity_gap = 10ms});

  EXPECT_THAT(pipe(none, "x", 0ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(SessionRecords, WithoutAValueAreLikeAnyOther) {
  run(SessionWindows{.inactivity_gap = 10ms});

  EXPECT_THAT(pipe("a", none, 0ms), ElementsAre("a@0-0=-@0"));
  EXPECT_THAT(pipe("a", "x", 10ms), ElementsAre("a@0-0=-@0", "a@0-10=-x@10"));
  EXPECT_EQ(dropped(), 0);
}

TEST_F(SessionRecords, AreLateIfTheirSessionWouldHaveClosed) {
  run(SessionWindows{.inactivity_gap = 10ms, .grace = 5ms});
  pipe("b", "x", 100ms);

  EXPECT_THAT(pipe("a", "x", 84ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(pipe("a", "x", 85ms), ElementsAre("a@85-85=x@85"));
}

TEST_F(SessionRecords, AreNotLateIfTheyJoinASessionThatIsOpen) {
  run(SessionWindows{.inactivity_gap = 10ms});
  pipe("a", "x", 100ms);
  pipe("b", "x", 105ms);

  EXPECT_THAT(pipe("a", "y", 94ms), ElementsAre("a@100-100=-@100", "a@94-100=xy@100"));
  EXPECT_EQ(dropped(), 0);
}

TEST_F(SessionRecords, FindASessionUntilItCloses) {
  run(SessionWindows{.inactivity_gap = 10ms});
  pipe("a", "x", 0ms);
  pipe("b", "x", 10ms);

  EXPECT_THAT(pipe("a", "y", 10ms), ElementsAre("a@0-0=-@0", "a@0-10=xy@10"));
}

// docs/differences.md: its store has hidden it.
TEST_F(SessionRecords, DoNotFindASessionInItsLastMillisecondUnderTheReferencesSemantics) {
  Config config = WindowTest::config();
  config.semantics = Semantics::kafka_streams_4_3;
  config.statestore_cache_max_bytes = 0;  // what is in a cache, it still finds
  run(SessionWindows{.inactivity_gap = 10ms}, EmitStrategy::on_window_update, config);
  pipe("a", "x", 0ms);
  pipe("b", "x", 10ms);

  EXPECT_THAT(pipe("a", "y", 10ms), ElementsAre("a@10-10=y@10"));
}

TEST_F(SessionRecords, OfOneTimeAreASessionIfThereIsNoGap) {
  run(SessionWindows{.inactivity_gap = 0ms});

  EXPECT_THAT(pipe("a", "x", 5ms), ElementsAre("a@5-5=x@5"));
  EXPECT_THAT(pipe("a", "y", 5ms), ElementsAre("a@5-5=xy@5"));
  EXPECT_THAT(pipe("a", "z", 6ms), ElementsAre("a@6-6=z@6"));
  EXPECT_THAT(pipe("a", "late", 5ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(SessionRecords, OfOneTimeAreFinalWithTheNextTimeIfThereIsNoGap) {
  run(SessionWindows{.inactivity_gap = 0ms, .grace = 1ms}, EmitStrategy::on_window_close);

  EXPECT_THAT(pipe("a", "x", 5ms), IsEmpty());
  EXPECT_THAT(pipe("a", "z", 6ms), IsEmpty());
  EXPECT_THAT(pipe("a", "y", 5ms), IsEmpty());
  EXPECT_THAT(pipe("b", "x", 7ms), ElementsAre("a@5-5=xy@5"));
  EXPECT_EQ(dropped(), 0);
}

// docs/differences.md: its store shows nothing of the newest time.
TEST_F(SessionRecords, OfOneTimeReplaceEachOtherUnderTheReferencesSemanticsIfThereIsNoGap) {
  Config config = WindowTest::config();
  config.semantics = Semantics::kafka_streams_4_3;
  config.statestore_cache_max_bytes = 0;  // what is in a cache, it still finds
  run(SessionWindows{.inactivity_gap = 0ms}, EmitStrategy::on_window_update, config);
  pipe("a", "x", 5ms);

  EXPECT_THAT(pipe("a", "y", 5ms), ElementsAre("a@5-5=y@5"));
}

TEST_F(SessionRecords, BeforeTheEpochAreDropped) {
  run(SessionWindows{.inactivity_gap = 10ms});

  EXPECT_THAT(pipe("a", "x", -1ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

class UnlimitedWindowRecords : public WindowTest {};

TEST_F(UnlimitedWindowRecords, WithoutAKeyAreDropped) {
  run(UnlimitedWindows{});

  EXPECT_THAT(pipe(none, "x", 0ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(UnlimitedWindowRecords, BeforeTheStartAreLeftOutWithoutBeingCounted) {
  run(UnlimitedWindows{.start = Timestamp{5ms}});

  EXPECT_THAT(pipe("a", "x", 4ms), IsEmpty());
  EXPECT_EQ(dropped(), 0);
}

TEST_F(UnlimitedWindowRecords, AreNeverLate) {
  run(UnlimitedWindows{.start = Timestamp{5ms}});
  pipe("b", "x", end_of_time - 1ms);

  EXPECT_THAT(pipe("a", "x", 5ms), ElementsAre("a@5-9223372036854775807=x@5"));
  EXPECT_EQ(dropped(), 0);
}

class FinalResultRecords : public WindowTest {};

TEST_F(FinalResultRecords, ThatAreLateChangeNothingThatWasEmitted) {
  run(TimeWindows{.size = 10ms}, EmitStrategy::on_window_close);
  pipe("a", "x", 0ms);

  EXPECT_THAT(pipe("b", "x", 10ms), ElementsAre("a@0-10=x@0"));
  EXPECT_THAT(pipe("a", "y", 9ms), IsEmpty());
  EXPECT_THAT(pipe("b", "x", 11ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(FinalResultRecords, WithoutAKeyDoNotMoveTheTime) {
  run(TimeWindows{.size = 10ms}, EmitStrategy::on_window_close);
  pipe("a", "x", 0ms);

  EXPECT_THAT(pipe(none, "x", 100ms), IsEmpty());
  EXPECT_THAT(pipe("a", "y", 9ms), IsEmpty());
  EXPECT_THAT(pipe("b", "x", 10ms), ElementsAre("a@0-10=xy@9"));
}

}  // namespace
}  // namespace moldau::test
