#include "dsl/join_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Joined2 = StreamJoined<Text, Text, Text>;

class StreamJoins : public JoinTest {
 protected:
  static TextStream left(StreamsBuilder& b) { return b.stream<Text, Text>("l"); }
  static TextStream right(StreamsBuilder& b) { return b.stream<Text, Text>("r"); }

  void join(const JoinWindows& windows, Joined2 joined = {}) {
    StreamsBuilder b;
    const TextStream l = left(b);
    l.join(right(b), both, windows, std::move(joined)).to("out");
    run(b);
  }
  void left_join(const JoinWindows& windows, Semantics semantics = Semantics::kafka_streams_4_3) {
    StreamsBuilder b;
    const TextStream l = left(b);
    l.left_join(right(b), left_and_maybe, windows).to("out");
    run(b, semantics);
  }
  void outer_join(const JoinWindows& windows, Semantics semantics = Semantics::kafka_streams_4_3) {
    StreamsBuilder b;
    const TextStream l = left(b);
    l.outer_join(right(b), any, windows).to("out");
    run(b, semantics);
  }

  Texts l(const std::optional<Text>& key, const std::optional<Text>& value,
          std::chrono::milliseconds time) {
    return pipe("l", key, value, time);
  }
  Texts r(const std::optional<Text>& key, const std::optional<Text>& value,
          std::chrono::milliseconds time) {
    return pipe("r", key, value, time);
  }
};

TEST_F(StreamJoins, EachRecordMeetsThoseOfTheOtherStreamWithinTheWindowsInTheOrderOfTheirTimes) {
  join(JoinWindows::within(10ms));

  EXPECT_THAT(l("a", "L1", 0ms), IsEmpty());
  EXPECT_THAT(l("a", "L2", 0ms), IsEmpty());
  EXPECT_THAT(r("a", "R1", 10ms), ElementsAre("a=L1|R1@10", "a=L2|R1@10"));
  EXPECT_THAT(r("a", "R2", 10ms), ElementsAre("a=L1|R2@10", "a=L2|R2@10"));
  EXPECT_THAT(r("b", "R3", 10ms), IsEmpty());
  EXPECT_THAT(r("a", "R4", 11ms), IsEmpty());
}

TEST_F(StreamJoins, ALateRecordMeetsWhatTheStoreOfTheOtherStreamStillHas) {
  join(JoinWindows::within(10ms));
  l("a", "L1", 0ms);
  r("a", "R1", 10ms);
  l("a", "L3", 30ms);
  r("a", "R3", 9ms);

  EXPECT_THAT(r("a", "R4", 21ms), ElementsAre("a=L3|R4@30"));
  EXPECT_THAT(r("a", "R5", 20ms), ElementsAre("a=L3|R5@30"));
  EXPECT_THAT(l("a", "L4", 11ms),
              ElementsAre("a=L4|R3@11", "a=L4|R1@11", "a=L4|R5@20", "a=L4|R4@21"));
}

TEST_F(StreamJoins, TheWindowsMayLieToOneSide) {
  join({.before = 0ms, .after = 5ms});

  l("a", "L", 10ms);

  EXPECT_THAT(r("a", "R1", 9ms), IsEmpty());
  EXPECT_THAT(r("a", "R2", 10ms), ElementsAre("a=L|R2@10"));
  EXPECT_THAT(r("a", "R3", 15ms), ElementsAre("a=L|R3@15"));
  EXPECT_THAT(r("a", "R4", 16ms), IsEmpty());
  EXPECT_THAT(l("a", "L2", 11ms), ElementsAre("a=L2|R3@15", "a=L2|R4@16"));
}

TEST_F(StreamJoins, ANegativeEndLeavesOutWhatIsTooNear) {
  join({.before = 60ms, .after = -10ms});
  r("a", "R1", 45ms);
  r("a", "R2", 91ms);

  EXPECT_THAT(l("a", "L", 100ms), ElementsAre("a=L|R1@100"));
}

TEST_F(StreamJoins, ARecordOfAStreamJoinedWithItselfMeetsItselfOnce) {
  StreamsBuilder b;
  const TextStream x = left(b);
  x.join(x, both, JoinWindows::within(5ms)).to("out");
  run(b);

  EXPECT_THAT(l("a", "A", 10ms), ElementsAre("a=A|A@10"));
  EXPECT_THAT(l("a", "B", 12ms), ElementsAre("a=B|A@12", "a=A|B@12", "a=B|B@12"));
  EXPECT_THAT(l("a", "C", 8ms),
              ElementsAre("a=C|A@10", "a=C|B@12", "a=C|C@8", "a=A|C@10", "a=B|C@12"));
}

TEST_F(StreamJoins, AResultHasTheHeadersOfTheRecordThatCameLast) {
  join(JoinWindows::within(10ms));
  pipe("l", "a", "L", 0ms, {{"of-left", std::nullopt}});

  EXPECT_THAT(pipe("r", "a", "R", 1ms, {{"of-right", std::nullopt}}),
              ElementsAre("a=L|R@1 of-right"));
}

TEST_F(StreamJoins, AnInnerJoinDropsRecordsWithoutAKeyOrAValue) {
  join(JoinWindows::within(10ms));

  l(none, "L", 0ms);
  r("a", none, 0ms);

  EXPECT_EQ(dropped(), 2);
  EXPECT_THAT(l("a", "L", 0ms), IsEmpty());
}

TEST_F(StreamJoins, ALeftJoinEmitsALeftRecordWithoutMatchOnceItsWindowHasClosed) {
  left_join(JoinWindows::within(10ms, 5ms));

  EXPECT_THAT(l("a", "L1", 0ms), IsEmpty());
  EXPECT_THAT(r("a", "R1", 10ms), ElementsAre("a=L1|R1@10"));
  EXPECT_THAT(r("a", "R2", 11ms), IsEmpty());
  EXPECT_THAT(l("b", "L2", 12ms), IsEmpty());
  EXPECT_THAT(l(none, "LN", 13ms), ElementsAre("-=LN|-@13"));
  EXPECT_THAT(l("c", none, 14ms), IsEmpty());
  EXPECT_THAT(r(none, "RN", 15ms), IsEmpty());
  EXPECT_THAT(r("b", "R3", 27ms), IsEmpty());
  EXPECT_THAT(l("d", "L3", 28ms), ElementsAre("b=L2|-@12"));
  EXPECT_THAT(l("e", "L4", 43ms), IsEmpty());
  EXPECT_THAT(r("e", "R0", 20ms), IsEmpty());
  EXPECT_THAT(l("f", "L5", 60ms), ElementsAre("d=L3|-@28", "e=L4|-@43"));
  EXPECT_THAT(l("g", "L6", 61ms), IsEmpty());
  EXPECT_THAT(l("h", "L7", 30ms), ElementsAre("h=L7|-@30"));
  EXPECT_THAT(r("h", "R9", 35ms), IsEmpty());
  EXPECT_EQ(dropped(), 2);
}

// A scan ends having looked at c@3, which hides for one more record that b@1 has closed.
TEST_F(StreamJoins, AnOuterJoinMayEmitLaterThanItCould) {
  outer_join(JoinWindows::within(10ms, 5ms));

  l("a", "L1", 0ms);
  EXPECT_THAT(r("b", "R1", 1ms), IsEmpty());
  EXPECT_THAT(r("a", "R2", 2ms), ElementsAre("a=L1|R2@2"));
  EXPECT_THAT(r("c", "R3", 3ms), IsEmpty());
  EXPECT_THAT(l(none, "LN", 4ms), ElementsAre("-=LN|-@4"));
  EXPECT_THAT(r(none, "RN", 5ms), ElementsAre("-=-|RN@5"));
  EXPECT_THAT(l("z", "L9", 16ms), IsEmpty());
  EXPECT_THAT(l("z", "L10", 17ms), IsEmpty());
  EXPECT_THAT(l("z", "L11", 30ms), ElementsAre("b=-|R1@1", "c=-|R3@3"));
  EXPECT_THAT(r("k", "RK", 12ms), ElementsAre("k=-|RK@12"));
  EXPECT_THAT(l("q", "LQ", 13ms), ElementsAre("q=LQ|-@13"));
}

TEST_F(StreamJoins, UnmatchedRecordsOfOneTimeComeRightSideFirst) {
  outer_join({.before = 2ms, .after = 8ms});
  l("a", "L", 10ms);
  r("b", "R", 10ms);

  EXPECT_THAT(l("z", "Z", 13ms), IsEmpty());
  EXPECT_THAT(l("z", "Z", 18ms), IsEmpty());
  EXPECT_THAT(l("z", "Z", 19ms), ElementsAre("b=-|R@10", "a=L|-@10"));
}

TEST_F(StreamJoins, SeveralUnmatchedRecordsOfOneKeyAndTimeAllComeOut) {
  left_join(JoinWindows::within(10ms));
  l("a", "L1", 0ms);
  l("a", "L2", 0ms);

  EXPECT_THAT(l("z", "Z", 11ms), ElementsAre("a=L1|-@0", "a=L2|-@0"));
}

TEST_F(StreamJoins, AMatchTakesAllUnmatchedRecordsOfItsKeyAndTime) {
  left_join(JoinWindows::within(10ms));
  l("a", "L1", 0ms);
  l("a", "L2", 0ms);

  EXPECT_THAT(r("a", "R", 1ms), ElementsAre("a=L1|R@1", "a=L2|R@1"));
  EXPECT_THAT(l("z", "Z", 20ms), IsEmpty());
}

TEST_F(StreamJoins, TheReferenceSaysUnmatchedWithinTheGracePeriod) {
  left_join(JoinWindows::within(10ms, 50ms));
  l("z", "Z", 25ms);

  EXPECT_THAT(l("a", "L1", 12ms), ElementsAre("a=L1|-@12"));
  EXPECT_THAT(r("a", "R1", 13ms), ElementsAre("a=L1|R1@13"));
}

TEST_F(StreamJoins, ARecordIsUnmatchedOnlyAfterItsGracePeriod) {
  left_join(JoinWindows::within(10ms, 50ms), Semantics::complete);
  l("z", "Z", 25ms);

  EXPECT_THAT(l("a", "L1", 12ms), IsEmpty());
  EXPECT_THAT(r("a", "R1", 13ms), ElementsAre("a=L1|R1@13"));
  EXPECT_THAT(l("b", "L2", 12ms), IsEmpty());
  EXPECT_THAT(l("y", "Y", 73ms), ElementsAre("b=L2|-@12"));
}

TEST_F(StreamJoins, ARecordLaterThanItsGracePeriodIsUnmatchedAtOnce) {
  left_join(JoinWindows::within(10ms, 50ms), Semantics::complete);
  l("z", "Z", 73ms);

  EXPECT_THAT(l("a", "L1", 12ms), ElementsAre("a=L1|-@12"));
}

TEST_F(StreamJoins, ARunningApplicationLooksForUnmatchedRecordsOnceInAWhile) {
  StreamsBuilder b;
  const TextStream l_stream = left(b);
  l_stream.left_join(right(b), left_and_maybe, JoinWindows::within(10ms)).to("out");
  Config config{.application_id = "test"};
  config.set("__emit.interval.ms.kstreams.outer.join.spurious.results.fix__", "1000");
  run(b, config);
  l("a", "L1", 0ms);

  EXPECT_THAT(l("b", "L2", 20ms), IsEmpty());
  driver().advance_wall_clock_time(999ms);
  EXPECT_THAT(l("c", "L3", 40ms), IsEmpty());
  driver().advance_wall_clock_time(1ms);
  EXPECT_THAT(l("d", "L4", 60ms), ElementsAre("a=L1|-@0", "b=L2|-@20", "c=L3|-@40"));
}

TEST_F(StreamJoins, AJoinerMaySeeTheKey) {
  StreamsBuilder b;
  const TextStream l_stream = left(b);
  l_stream
      .left_join(
          right(b),
          [](const Text* k, const Text& x, const Text* y) {
            return shown(k) + ":" + x + "|" + shown(y);
          },
          JoinWindows::within(10ms))
      .to("out");
  run(b);

  EXPECT_THAT(l(none, "L", 0ms), ElementsAre("-=-:L|-@0"));
  l("a", "L", 0ms);
  EXPECT_THAT(r("a", "R", 0ms), ElementsAre("a=a:L|R@0"));
}

TEST_F(StreamJoins, AJoinerWithAKeyByReferenceFailsAtARecordWithoutKey) {
  StreamsBuilder b;
  const TextStream l_stream = left(b);
  l_stream
      .left_join(
          right(b), [](const Text& k, const Text& x, const Text*) { return k + x; },
          JoinWindows::within(10ms))
      .to("out");
  Config config{.application_id = "test"};
  config.processing_exception_handler = continue_on_processing_error();
  run(b, config);

  EXPECT_THAT(l(none, "L", 0ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(StreamJoins, AJoinerThatReturnsNothingEmitsANull) {
  StreamsBuilder b;
  const TextStream l_stream = left(b);
  l_stream
      .join(
          right(b), [](const Text&, const Text&) -> std::optional<Text> { return std::nullopt; },
          JoinWindows::within(10ms))
      .to("out");
  run(b);
  l("a", "L", 0ms);

  EXPECT_THAT(r("a", "R", 0ms), ElementsAre("a=-@0"));
}

TEST_F(StreamJoins, TheTypesOfTheTwoStreamsMayDiffer) {
  StreamsBuilder b;
  const TextStream l_stream = left(b);
  const auto lengths =
      right(b).map_values([](const Text& v) { return static_cast<std::int64_t>(v.size()); });
  l_stream
      .outer_join(
          lengths,
          [](const Text* x, const std::int64_t* y) {
            return shown(x) + "|" + (y == nullptr ? "-" : std::to_string(*y));
          },
          JoinWindows::within(10ms))
      .to("out");
  run(b);

  l("a", "L", 0ms);

  EXPECT_THAT(r("a", "four", 1ms), ElementsAre("a=L|4@1"));
  r("b", "seventeen", 1ms);
  EXPECT_THAT(l("z", "Z", 30ms), ElementsAre("b=-|9@1"));
}

TEST_F(StreamJoins, StoresCanBeNamedAndTypedOneByOne) {
  join(JoinWindows::within(10ms),
       {.this_store = JoinStore{.name = "mine", .type = StoreType::in_memory},
        .other_store = JoinStore{.name = "theirs"}});

  EXPECT_THAT(driver().store_names(), ElementsAre("mine", "theirs"));
}

TEST_F(StreamJoins, TheStoreOfUnmatchedRecordsIsCalledAfterThisStore) {
  StreamsBuilder b;
  const TextStream l_stream = left(b);
  l_stream
      .outer_join(right(b), any, JoinWindows::within(10ms),
                  {.this_store = JoinStore{.name = "mine"}})
      .to("out");
  run(b);

  EXPECT_THAT(driver().store_names(), ::testing::Contains("mine-outer-shared-join-store"));
}

TEST_F(StreamJoins, WithoutLoggingThereIsNoChangelog) {
  join(JoinWindows::within(10ms), {.logging = false});

  driver().input_topic<Text, Text>("l").pipe("a", "L");

  EXPECT_THAT(driver().take_sent(), IsEmpty());
}

std::string refusal(const JoinWindows& windows) {
  StreamsBuilder b;
  const TextStream l = b.stream<Text, Text>("l");
  try {
    static_cast<void>(l.join(b.stream<Text, Text>("r"), both, windows));
  } catch (const TopologyError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(JoinWindowsOfStreams, MustLeaveRoomForARecord) {
  EXPECT_THAT(refusal({.before = 10ms, .after = -11ms}), HasSubstr("before + after"));
  EXPECT_EQ(refusal({.before = 10ms, .after = -10ms}), "accepted");
}

TEST(JoinWindowsOfStreams, HaveAGracePeriodThatIsNotNegative) {
  EXPECT_THAT(refusal({.before = 10ms, .grace = -1ms}), HasSubstr("grace period"));
}

TEST(JoinWindowsOfStreams, AreShorterThanTenThousandYears) {
  EXPECT_THAT(refusal({.before = std::chrono::milliseconds::max()}), HasSubstr("ten thousand"));
}

TEST(StreamJoinProgram, RefusesTwoJoinsThatShareAStore) {
  StreamsBuilder b;
  const TextStream l = b.stream<Text, Text>("l");
  const TextStream r = b.stream<Text, Text>("r");
  l.join(r, both, JoinWindows::within(10ms), {.store_name = "s"}).to("o1");
  l.join(r, both, JoinWindows::within(10ms), {.store_name = "s"}).to("o2");

  EXPECT_THAT([&] { static_cast<void>(b.build()); },
              ::testing::ThrowsMessage<TopologyError>(HasSubstr("s-this-join-store")));
}

TEST(StreamJoinProgram, RefusesStreamsOfTwoBuilders) {
  StreamsBuilder a;
  StreamsBuilder b;
  const TextStream l = a.stream<Text, Text>("l");
  const TextStream r = b.stream<Text, Text>("r");

  EXPECT_THROW(static_cast<void>(l.join(r, both, JoinWindows::within(10ms))), TopologyError);
}

struct NoBytes {
  int number = 0;
};

TEST(StreamJoinProgram, NamesTheStreamThatHasNoSerde) {
  StreamsBuilder b;
  const TextStream l = b.stream<Text, Text>("l");
  const auto r = b.stream<Text, Text>("r").map_values([](const Text&) { return NoBytes{}; });
  l.join(r, [](const Text& x, const NoBytes&) { return x; }, JoinWindows::within(10ms),
         {.name = "j"})
      .to("out");

  EXPECT_THAT([&] { static_cast<void>(b.build()); },
              ::testing::ThrowsMessage<TopologyError>(
                  ::testing::AllOf(HasSubstr("\"j-merge\""), HasSubstr(".other_value_serde"))));
}

}  // namespace
}  // namespace moldau::test
