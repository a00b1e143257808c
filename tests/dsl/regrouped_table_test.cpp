// group_by() of tables, and cogroup(). Traces of the reference.

#include "dsl/table_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The first letter is the group; there is none in "" and in what starts with 'n'.
KeyValue<std::optional<Text>, std::optional<Text>> by_first(const Text& value) {
  if (value.empty() || value.starts_with('n')) return {std::nullopt, value};
  if (value == "v") return {value, std::nullopt};
  return {value.substr(0, 1), value};
}

using RegroupedTableTest = TableTest;

TEST_F(RegroupedTableTest, AddsWhatARowIsAndSubtractsWhatItWas) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in")
        .group_by(by_first)
        .aggregate([] { return Text{}; },
                   [](const Text& total, const Text& value) { return total + "+" + value; },
                   [](const Text& total, const Text& value) { return total + "-" + value; })
        .to_stream()
        .to("out");
  });

  EXPECT_THAT(pipe("a", "x1", 5ms), ElementsAre("x=+x1@5"));
  EXPECT_THAT(pipe("b", "x2", 3ms), ElementsAre("x=+x1+x2@5"));
  EXPECT_THAT(pipe("a", "x3", 4ms), ElementsAre("x=+x1+x2-x1+x3@5"));
  EXPECT_THAT(pipe("a", "y1", 6ms), ElementsAre("x=+x1+x2-x1+x3-x3@6", "y=+y1@6"));
  EXPECT_THAT(pipe("a", none, 7ms), ElementsAre("y=+y1-y1@7"));
  EXPECT_THAT(pipe("b", none, 8ms), ElementsAre("x=+x1+x2-x1+x3-x3-x2@8"));
  EXPECT_THAT(pipe("b", none, 9ms), IsEmpty());
}

TEST_F(RegroupedTableTest, ACountOfNoRowsIsZero) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in")
        .group_by(by_first)
        .count()
        .to_stream()
        .map_values(number_shown)
        .to("out");
  });

  EXPECT_THAT(pipe("a", "x1", 5ms), ElementsAre("x=1@5"));
  EXPECT_THAT(pipe("b", "x2", 3ms), ElementsAre("x=2@5"));
  EXPECT_THAT(pipe("a", "x3", 4ms), ElementsAre("x=2@5"));
  EXPECT_THAT(pipe("a", "y1", 6ms), ElementsAre("x=1@6", "y=1@6"));
  EXPECT_THAT(pipe("b", none, 8ms), ElementsAre("x=0@8"));
}

TEST_F(RegroupedTableTest, RowsWithoutAGroupOrAValueAreInNone) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in")
        .group_by(by_first)
        .count()
        .to_stream()
        .map_values(number_shown)
        .to("out");
  });

  EXPECT_THAT(pipe("a", "n1", 1ms), IsEmpty());
  EXPECT_THAT(pipe("a", "v", 2ms), IsEmpty());
  EXPECT_THAT(pipe("a", "x", 3ms), ElementsAre("x=1@3"));
  EXPECT_THAT(pipe("a", "n1", 4ms), ElementsAre("x=0@4"));
  EXPECT_THAT(pipe(none, "x", 5ms), IsEmpty());
  EXPECT_EQ(dropped(), 1) << "by the table, not by the grouping";
}

TEST_F(RegroupedTableTest, AnAggregationMayDeleteItsRow) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in", {}, {.name = "rows"})
        .group_by(by_first)
        .reduce([](const Text& total, const Text& value) { return total + value; },
                [](const Text&, const Text&) { return std::optional<Text>{}; }, {.name = "groups"})
        .to_stream()
        .to("out");
  });

  EXPECT_THAT(pipe("a", "x1", 1ms), ElementsAre("x=x1@1"));
  EXPECT_THAT(pipe("a", none, 2ms), ElementsAre("x=-@2"));
  EXPECT_THAT(driver().store("groups"), IsEmpty());
  EXPECT_THAT(pipe("b", "x2", 3ms), ElementsAre("x=x2@3")) << "starts afresh";
}

TEST_F(RegroupedTableTest, FollowsTheLatestRowsOfAVersionedTable) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in", {}, {.name = "rows", .history = 100ms})
        .group_by([](const Text& value) {
          return KeyValue{value, value};
        })
        .count()
        .to_stream()
        .map_values(number_shown)
        .to("out");
  });

  EXPECT_THAT(pipe("a", "A", 10ms), ElementsAre("A=1@10"));
  EXPECT_THAT(pipe("a", "B", 5ms), IsEmpty());
  EXPECT_THAT(pipe("a", "C", 15ms), ElementsAre("A=0@15", "C=1@15"));
  EXPECT_EQ(dropped(), 0);
}

class CogroupTest : public TableTest {
 protected:
  static Text append(const char* sign, const Text& total, const Text* value) {
    return total + sign + shown(value);
  }
  static auto first(StreamsBuilder& b) {
    return b.stream<Text, Text>("in").group_by_key().cogroup<Text>(
        [](const Text& total, const Text* value) { return append("i", total, value); });
  }
  static auto second(StreamsBuilder& b) { return b.stream<Text, Text>("j").group_by_key(); }
  static auto append_second() {
    return [](const Text& total, const Text* value) { return append("j", total, value); };
  }
  static Text empty() { return {}; }

  Texts pipe_second(const std::optional<Text>& key, const std::optional<Text>& value,
                    std::chrono::milliseconds time) {
    return JoinTest::pipe("j", key, value, time);
  }
};

TEST_F(CogroupTest, FoldsAllInputsIntoOneTotal) {
  start([](StreamsBuilder& b) {
    first(b).cogroup(second(b), append_second()).aggregate(empty).to_stream().to("out");
  });

  EXPECT_THAT(pipe("a", "1", 1ms), ElementsAre("a=i1@1"));
  EXPECT_THAT(pipe_second("a", "2", 2ms), ElementsAre("a=i1j2@2"));
  EXPECT_THAT(pipe("a", "3", 0ms), ElementsAre("a=i1j2i3@2"));
}

TEST_F(CogroupTest, DropsRecordsWithoutAKeyOrAValueOfAnyInput) {
  start([](StreamsBuilder& b) {
    first(b).cogroup(second(b), append_second()).aggregate(empty).to_stream().to("out");
  });

  EXPECT_THAT(pipe(none, "1", 1ms), IsEmpty());
  EXPECT_THAT(pipe("a", none, 1ms), IsEmpty());
  EXPECT_THAT(pipe_second(none, "1", 1ms), IsEmpty());
  EXPECT_THAT(pipe_second("a", none, 1ms), IsEmpty());

  EXPECT_EQ(dropped(), 4);
}

TEST_F(CogroupTest, MayDeleteItsRow) {
  start([](StreamsBuilder& b) {
    first(b)
        .cogroup(second(b), [](const Text&, const Text&) { return std::optional<Text>{}; })
        .aggregate(empty, {.name = "totals"})
        .to_stream()
        .to("out");
  });

  pipe("a", "1", 1ms);
  EXPECT_THAT(pipe_second("a", "x", 2ms), ElementsAre("a=-@2"));
  EXPECT_THAT(driver().store("totals"), IsEmpty());
  EXPECT_THAT(pipe("a", "2", 1ms), ElementsAre("a=i2@1"));
}

TEST_F(CogroupTest, OfWindowsDropsLateRecordsOnceForEachWindow) {
  start([](StreamsBuilder& b) {
    first(b)
        .cogroup(second(b), append_second())
        .windowed_by(TimeWindows{.size = 10ms, .advance = 5ms})
        .aggregate(empty, {.retention = 100ms})
        .to_stream([](const Windowed<Text>& window, const Text*) {
          return window.key + std::to_string(window.window.start.milliseconds());
        })
        .to("out");
  });

  EXPECT_THAT(pipe("a", "1", 7ms), ElementsAre("a0=i1@7", "a5=i1@7"));
  EXPECT_THAT(pipe_second("a", "2", 12ms), ElementsAre("a5=i1j2@12", "a10=j2@12"));
  EXPECT_THAT(pipe("a", "3", 8ms), ElementsAre("a0=i1i3@8", "a5=i1j2i3@12"))
      << "the time of the other input makes nothing late here";
  EXPECT_EQ(dropped(), 0);
  EXPECT_THAT(pipe("a", none, 15ms), ElementsAre("a10=j2i-@15", "a15=i-@15"))
      << "a null is a value like any other";
  EXPECT_THAT(pipe("a", "4", 9ms), IsEmpty());
  EXPECT_EQ(dropped(), 2);
}

TEST_F(CogroupTest, OfSessionsMergesRecordsOfAllInputs) {
  start([](StreamsBuilder& b) {
    first(b)
        .cogroup(second(b), append_second())
        .windowed_by(SessionWindows{.inactivity_gap = 10ms, .grace = 100ms})
        .aggregate(empty, [](const Text& x, const Text& y) { return x + "|" + y; })
        .to_stream([](const Windowed<Text>& window, const Text*) {
          return window.key + std::to_string(window.window.start.milliseconds());
        })
        .to("out");
  });

  EXPECT_THAT(pipe("a", "1", 0ms), ElementsAre("a0=i1@0"));
  EXPECT_THAT(pipe_second("a", "2", 20ms), ElementsAre("a20=j2@20"));
  EXPECT_THAT(pipe_second("a", "3", 10ms), ElementsAre("a0=-@0", "a20=-@20", "a0=|i1|j2j3@20"));
}

}  // namespace
}  // namespace moldau::test
