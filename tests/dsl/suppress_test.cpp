// suppress(). The first tests are traces of the reference.

#include "dsl/table_fixture.h"

#include <cstdint>

namespace moldau::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SuppressTest : public TableTest {
 protected:
  void start_table(const UntilTimeLimit& until) {
    start([&](StreamsBuilder& builder) {
      builder.table<Text, Text>("in").suppress(until, {.name = "sup"}).to_stream().to("out");
    });
  }

  // Counts the records of windows until they close.
  template <class Windows>
  void start_counts(const Windows& windows, Semantics semantics = Semantics::complete,
                    StrictBufferConfig buffer = {}) {
    start(
        [&](StreamsBuilder& builder) {
          builder.stream<Text, Text>("in")
              .group_by_key()
              .windowed_by(windows)
              .count()
              .suppress(until_window_closes(std::move(buffer)), {.name = "sup"})
              .to_stream(shown_window)
              .map_values(number_shown)
              .to("out");
        },
        semantics);
  }

 private:
  static Text shown_window(const Windowed<Text>& window, const std::int64_t*) {
    return window.key + "@" + std::to_string(window.window.start.milliseconds()) + "/" +
           std::to_string(window.window.end.milliseconds());
  }
};

using UntilTimeLimitTest = SuppressTest;
using UntilWindowClosesTest = SuppressTest;

TEST_F(UntilTimeLimitTest, HandsTheLastChangeOnOnceTheFirstHasWaited) {
  start_table(until_time_limit(10ms));

  EXPECT_THAT(pipe("a", "1", 0ms), IsEmpty());
  EXPECT_THAT(pipe("a", "2", 5ms), IsEmpty());
  EXPECT_THAT(pipe("b", "1", 9ms), IsEmpty());
  EXPECT_THAT(pipe("c", "1", 10ms), ElementsAre("a=2@5"));
  EXPECT_THAT(pipe("b", none, 11ms), IsEmpty());
  EXPECT_THAT(pipe("d", "1", 30ms), ElementsAre("b=-@11", "c=1@10"));
}

TEST_F(UntilTimeLimitTest, HandsTheOldestOnEarlyIfThereAreTooMany) {
  start_table(until_time_limit(10ms, {.max_records = 2}));

  EXPECT_THAT(pipe("a", "1", 0ms), IsEmpty());
  EXPECT_THAT(pipe("a", "2", 5ms), IsEmpty());
  EXPECT_THAT(pipe("b", "1", 6ms), IsEmpty());
  EXPECT_THAT(pipe("c", "1", 7ms), ElementsAre("a=2@5"));
  EXPECT_THAT(pipe("b", "2", 16ms), ElementsAre("b=2@16"));
  EXPECT_THAT(pipe("a", none, 17ms), ElementsAre("c=1@7"));
  EXPECT_THAT(pipe("z", "1", 40ms), ElementsAre("a=-@17"));
}

TEST_F(UntilTimeLimitTest, HandsTheOldestOnEarlyIfTheyAreTooBig) {
  start_table(until_time_limit(100ms));
  pipe("a", "1", 0ms);
  const auto one = static_cast<std::size_t>(driver().metric("suppression-buffer-size-current"));
  ASSERT_GT(one, 0U);

  start_table(until_time_limit(100ms, {.max_bytes = 2 * one}));
  EXPECT_THAT(pipe("a", "1", 0ms), IsEmpty());
  EXPECT_THAT(pipe("b", "1", 1ms), IsEmpty());
  EXPECT_THAT(pipe("c", "1", 2ms), ElementsAre("a=1@0"));
  EXPECT_THAT(pipe("c", Text(2 * one, 'x'), 3ms),
              ElementsAre("b=1@1", "c=" + Text(2 * one, 'x') + "@3"))
      << "one that is too big by itself does not stay";
}

TEST_F(UntilTimeLimitTest, OfNothingHandsOnWhatIsNotAheadOfItsTime) {
  start_table(until_time_limit(0ms));

  EXPECT_THAT(pipe("a", "1", 10ms), ElementsAre("a=1@10"));
  EXPECT_THAT(pipe("b", "1", 5ms), ElementsAre("b=1@5"));
}

TEST_F(UntilTimeLimitTest, FailsTheTaskIfItShutsDownWhenFull) {
  start_table(until_time_limit(100ms, {.max_records = 1, .when_full = WhenFull::shut_down}));
  EXPECT_THAT(pipe("a", "1", 0ms), IsEmpty());
  EXPECT_THAT(pipe("a", "2", 1ms), IsEmpty()) << "takes the place of the first";

  try {
    pipe("b", "1", 2ms);
    FAIL() << "the buffer took more than it may";
  } catch (const StreamsError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("\"sup\" holds back more than its buffer may"),
                                    HasSubstr("2 of 1 changes")));
  }
}

TEST_F(UntilTimeLimitTest, CountsWhatItHandsOn) {
  start_table(until_time_limit(10ms));
  pipe("a", "1", 0ms);
  pipe("b", "1", 1ms);
  EXPECT_EQ(driver().metric("suppression-emit-total"), 0);

  pipe("c", "1", 20ms);

  EXPECT_EQ(driver().metric("suppression-emit-total"), 2);
}

TEST_F(UntilTimeLimitTest, TellsHowFullItsBufferIs) {
  start_table(until_time_limit(100ms));

  pipe("a", "1", 0ms);
  pipe("b", "1", 1ms);

  EXPECT_EQ(driver().metric("suppression-buffer-count-current"), 2);
  EXPECT_EQ(driver().held_back("sup-store"), 2U);
  pipe("c", "1", 200ms);
  EXPECT_EQ(driver().metric("suppression-buffer-count-current"), 1);
}

TEST_F(UntilTimeLimitTest, IgnoresRecordsWithoutAKeyWhichTheTableDrops) {
  start_table(until_time_limit(10ms));
  pipe("a", "1", 0ms);

  EXPECT_THAT(pipe(none, "x", 100ms), IsEmpty())
      << "its time does not move with records it does not see";
  EXPECT_EQ(dropped(), 1);
}

TEST_F(UntilTimeLimitTest, WritesNoChangelogIfItIsNotLogged) {
  start_table(until_time_limit(10ms, {.logging = false}));

  pipe("a", "1", 0ms);

  for (const auto& record : driver().take_sent()) {
    EXPECT_THAT(record.topic, Not(HasSubstr("sup-store")));
  }
}

// Readers of the table below see what has been handed on.
TEST_F(UntilTimeLimitTest, IsLookedUpAsItHasBeenHandedOn) {
  start([](StreamsBuilder& builder) {
    const auto held = builder.table<Text, Text>("in").suppress(until_time_limit(10ms));
    builder.stream<Text, Text>("s").left_join(held, left_and_maybe).to("out");
  });

  pipe("a", "1", 0ms);
  EXPECT_THAT(JoinTest::pipe("s", "a", "x", 1ms), ElementsAre("a=x|-@1"));
  pipe("b", "1", 10ms);
  EXPECT_THAT(JoinTest::pipe("s", "a", "x", 11ms), ElementsAre("a=x|1@11"));
  pipe("a", "2", 12ms);
  EXPECT_THAT(JoinTest::pipe("s", "a", "x", 13ms), ElementsAre("a=x|1@13"));
}

TEST_F(UntilTimeLimitTest, TotalsBelowFollowWhatWasHandedOn) {
  const auto program = [](StreamsBuilder& builder) {
    builder.table<Text, Text>("in")
        .suppress(until_time_limit(10ms))
        .group_by([](const Text& value) {
          return KeyValue{value, value};
        })
        .count()
        .to_stream()
        .map_values(number_shown)
        .to("out");
  };
  start(program);
  EXPECT_THAT(pipe("a", "x", 0ms), IsEmpty());
  EXPECT_THAT(pipe("b", "z", 10ms), ElementsAre("x=1@0"));
  EXPECT_THAT(pipe("a", "y", 11ms), IsEmpty());
  EXPECT_THAT(pipe("a", "w", 12ms), IsEmpty());
  EXPECT_THAT(pipe("c", "q", 22ms), ElementsAre("z=1@10", "x=0@12", "w=1@12"));

  start(program, Semantics::kafka_streams_4_3);
  pipe("a", "x", 0ms);
  pipe("b", "z", 10ms);
  pipe("a", "y", 11ms);
  pipe("a", "w", 12ms);
  EXPECT_THAT(pipe("c", "q", 22ms), ElementsAre("z=1@10", "y=-@12", "w=1@12"))
      << "the reference takes away what was never added; x stays 1";
}

TEST_F(UntilTimeLimitTest, CannotBeNegative) {
  EXPECT_THROW(start_table(until_time_limit(-1ms)), TopologyError);
}

TEST_F(UntilTimeLimitTest, CannotHoldTheHistoryOfAVersionedTableBack) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("in", {}, {.name = "rows", .history = 10ms});

  try {
    static_cast<void>(table.suppress(until_time_limit(1ms), {.name = "sup"}));
    FAIL() << "a versioned table was suppressed";
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("suppress() \"sup\""), HasSubstr("versioned")));
  }
}

TEST_F(UntilWindowClosesTest, HandsOnOneResultAWindow) {
  start_counts(TimeWindows{.size = 10ms, .grace = 5ms});

  EXPECT_THAT(pipe("b", "x", 1ms), IsEmpty());
  EXPECT_THAT(pipe("a", "x", 9ms), IsEmpty());
  EXPECT_THAT(pipe("a", "x", 3ms), IsEmpty());
  EXPECT_THAT(pipe("c", "x", 14ms), IsEmpty());
  EXPECT_THAT(pipe("c", "x", 15ms), ElementsAre("a@0/10=2@9", "b@0/10=1@1"));
  EXPECT_THAT(pipe("c", "x", 40ms), ElementsAre("c@10/20=2@15"));
  EXPECT_THAT(pipe("a", "x", 9ms), IsEmpty());
  EXPECT_EQ(dropped(), 1) << "too late for its window";
}

TEST_F(UntilWindowClosesTest, WaitsForTheLastMillisecondOfASession) {
  start_counts(SessionWindows{.inactivity_gap = 10ms});

  EXPECT_THAT(pipe("a", "A", 10ms), IsEmpty());
  EXPECT_THAT(pipe("b", "B", 19ms), IsEmpty());
  EXPECT_THAT(pipe("b", "B", 20ms), IsEmpty());
  EXPECT_THAT(pipe("a", "C", 10ms), IsEmpty());
  EXPECT_THAT(pipe("b", "B", 21ms), ElementsAre("a@10/10=2@10"));
}

TEST_F(UntilWindowClosesTest, EmitsASessionTwiceUnderTheReferencesSemantics) {
  start_counts(SessionWindows{.inactivity_gap = 10ms}, Semantics::kafka_streams_4_3);

  EXPECT_THAT(pipe("a", "A", 10ms), IsEmpty());
  EXPECT_THAT(pipe("b", "B", 19ms), IsEmpty());
  EXPECT_THAT(pipe("b", "B", 20ms), ElementsAre("a@10/10=1@10"));
  EXPECT_THAT(pipe("a", "C", 10ms), ElementsAre("a@10/10=1@10"));
  EXPECT_THAT(pipe("b", "B", 21ms), IsEmpty());
}

TEST_F(UntilWindowClosesTest, WaitsForTheLastMillisecondOfASlidingWindow) {
  start_counts(SlidingWindows{.time_difference = 10ms});

  EXPECT_THAT(pipe("a", "x", 20ms), IsEmpty());
  EXPECT_THAT(pipe("a", "x", 20ms), IsEmpty());
  EXPECT_THAT(pipe("a", "x", 21ms), ElementsAre("a@10/20=2@20"));
}

TEST_F(UntilWindowClosesTest, EmitsASlidingWindowTwiceUnderTheReferencesSemantics) {
  start_counts(SlidingWindows{.time_difference = 10ms}, Semantics::kafka_streams_4_3);

  EXPECT_THAT(pipe("a", "x", 20ms), ElementsAre("a@10/20=1@20"));
  EXPECT_THAT(pipe("a", "x", 20ms), ElementsAre("a@10/20=2@20"));
}

TEST_F(UntilWindowClosesTest, HasNoResultForAWindowThatWasDeleted) {
  start([](StreamsBuilder& builder) {
    builder.stream<Text, Text>("in")
        .group_by_key()
        .windowed_by(TimeWindows{.size = 10ms})
        .reduce([](const Text& total, const Text& value) {
          return value == "delete" ? std::nullopt : std::optional{total + value};
        })
        .suppress(until_window_closes())
        .to_stream([](const Windowed<Text>& window, const Text*) { return window.key; })
        .to("out");
  });

  pipe("a", "x", 1ms);
  pipe("a", "delete", 2ms);
  pipe("b", "y", 3ms);
  EXPECT_THAT(pipe("c", "z", 10ms), ElementsAre("b=y@3"));
}

TEST_F(UntilWindowClosesTest, FailsTheTaskWhenFullBecauseNothingMayLeaveEarly) {
  start_counts(TimeWindows{.size = 10ms}, Semantics::complete, {.max_records = 1});
  pipe("a", "x", 1ms);

  try {
    pipe("b", "x", 2ms);
    FAIL() << "the buffer took more than it may";
  } catch (const StreamsError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("\"sup\""), HasSubstr("2 of 1 changes")));
  }
}

TEST_F(UntilWindowClosesTest, NeedsAWindowedAggregationAbove) {
  StreamsBuilder builder;
  const auto windows = builder.stream<Text, Text>("in").select_key([](const Text& value) {
    return Windowed<Text>{value, {Timestamp{0}, Timestamp{1}}};
  });

  try {
    static_cast<void>(windows.to_table().suppress(until_window_closes()));
    FAIL() << "nothing says when these windows close";
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), HasSubstr("nothing says when a window closes"));
  }
}

}  // namespace
}  // namespace moldau::test
