// Tables and what is computed from them row by row. Traces of the reference where they have times.

#include "dsl/table_fixture.h"

namespace moldau::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

bool above_five(const Text& value) { return value > "5"; }

TEST_F(TableTest, ASourceHandsOnEveryRecord) {
  start([](StreamsBuilder& b) { b.table<Text, Text>("in").to_stream().to("out"); });

  EXPECT_THAT(pipe("a", "1", 1ms), ElementsAre("a=1@1"));
  EXPECT_THAT(pipe("a", "1", 2ms), ElementsAre("a=1@2")) << "the same value again";
  EXPECT_THAT(pipe("a", "0", 1ms), ElementsAre("a=0@1")) << "out of order";
  EXPECT_THAT(pipe("a", none, 3ms), ElementsAre("a=-@3"));
  EXPECT_THAT(pipe("b", none, 4ms), ElementsAre("b=-@4")) << "a row that never was";
}

TEST_F(TableTest, ASourceDropsRecordsWithoutAKey) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in", {}, {.name = "rows"}).to_stream().to("out");
  });

  EXPECT_THAT(pipe(none, "1", 1ms), IsEmpty());
  EXPECT_THAT(pipe(none, none, 2ms), IsEmpty());

  EXPECT_EQ(dropped(), 2);
  EXPECT_THAT(driver().store("rows"), IsEmpty());
}

TEST_F(TableTest, AStreamAsATableDropsRecordsWithoutAKey) {
  start([](StreamsBuilder& b) {
    b.stream<Text, Text>("in").to_table({.name = "rows"}).to_stream().to("out");
  });

  EXPECT_THAT(pipe(none, "1", 1ms), IsEmpty());
  EXPECT_THAT(pipe("a", "1", 2ms), ElementsAre("a=1@2"));
  EXPECT_THAT(pipe("a", none, 3ms), ElementsAre("a=-@3"));

  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(driver().store("rows"), IsEmpty());
}

TEST_F(TableTest, AFilterDeletesRowsEvenIfTheyNeverPassed) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in").filter(above_five).to_stream().to("out");
  });

  EXPECT_THAT(pipe("a", "3", 1ms), ElementsAre("a=-@1"));
  EXPECT_THAT(pipe("a", "7", 2ms), ElementsAre("a=7@2"));
  EXPECT_THAT(pipe("a", "2", 3ms), ElementsAre("a=-@3"));
  EXPECT_THAT(pipe("a", none, 4ms), ElementsAre("a=-@4"));
  EXPECT_THAT(pipe("a", none, 5ms), ElementsAre("a=-@5"));
}

TEST_F(TableTest, AFilterThatKnowsOldRowsLeavesOutDeletesOfRowsThatNeverPassed) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in", {}, {.name = "rows"}).filter(above_five).to_stream().to("out");
  });

  EXPECT_THAT(pipe("a", "3", 1ms), IsEmpty());
  EXPECT_THAT(pipe("a", "7", 2ms), ElementsAre("a=7@2"));
  EXPECT_THAT(pipe("a", "2", 3ms), ElementsAre("a=-@3"));
  EXPECT_THAT(pipe("a", none, 4ms), IsEmpty());
}

TEST_F(TableTest, AFilterKeepsItsRowsIfItsStoreIsNamed) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in").filter_not(above_five, {.name = "small"}).to_stream().to("out");
  });

  pipe("a", "3", 1ms);
  pipe("b", "7", 1ms);
  EXPECT_EQ((driver().get<Text, Text>("small", "a")), "3");
  EXPECT_EQ((driver().get<Text, Text>("small", "b")), std::nullopt);
  pipe("a", "9", 2ms);
  EXPECT_THAT(driver().store("small"), IsEmpty());
}

TEST_F(TableTest, AMapperDoesNotSeeDeletedRowsAndMayDeleteRows) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in")
        .map_values([](const Text& key, const Text& value) {
          return value == "x" ? std::nullopt : std::optional{key + value};
        })
        .to_stream()
        .to("out");
  });

  EXPECT_THAT(pipe("a", "1", 1ms), ElementsAre("a=a1@1"));
  EXPECT_THAT(pipe("a", "x", 2ms), ElementsAre("a=-@2"));
  EXPECT_THAT(pipe("a", none, 3ms), ElementsAre("a=-@3"));
}

TEST_F(TableTest, CachesHandOnTheLastChangeOfACommit) {
  start(
      [](StreamsBuilder& b) {
        const auto table = b.table<Text, Text>("in", {}, {.name = "rows"});
        table.filter(above_five).to_stream().to("out");
        table.to_stream().to("also");
      },
      Semantics::complete, 1U << 20);

  EXPECT_THAT(pipe("a", "3", 1ms), IsEmpty()) << "the cache knows what the row was";
  EXPECT_THAT(pipe("a", "7", 2ms), ElementsAre("a=7@2"));
  EXPECT_THAT(pipe("a", none, 3ms), ElementsAre("a=-@3"));
}

TEST_F(TableTest, AVersionedTableHandsChangesOfItsPastOn) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in", {}, {.name = "rows", .history = 100ms})
        .filter([](const Text& value) { return value != "fails"; })
        .to_stream()
        .to("out");
  });

  EXPECT_THAT(pipe("a", "A", 10ms), ElementsAre("a=A@10"));
  EXPECT_THAT(pipe("a", "B", 5ms), ElementsAre("a=B@5"));
  EXPECT_THAT(pipe("a", "fails", 20ms), ElementsAre("a=-@20"));
  EXPECT_THAT(pipe("a", "C", 15ms), ElementsAre("a=C@15"));
}

TEST_F(TableTest, AVersionedTableDropsWhatIsOlderThanItsHistory) {
  start([](StreamsBuilder& b) {
    b.table<Text, Text>("in", {}, {.name = "rows", .history = 100ms}).to_stream().to("out");
  });

  EXPECT_THAT(pipe("a", "T10", 10ms), ElementsAre("a=T10@10"));
  EXPECT_THAT(pipe("a", "T5", 5ms), ElementsAre("a=T5@5"));
  EXPECT_THAT(pipe("a", "T200", 200ms), ElementsAre("a=T200@200"));
  EXPECT_THAT(pipe("a", "X", 99ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(pipe("a", "Y", 100ms), ElementsAre("a=Y@100")) << "just not too old";
  EXPECT_EQ(dropped(), 1);
}

TEST_F(TableTest, JoinsOfAVersionedTableDropChangesOfItsPast) {
  start([](StreamsBuilder& b) {
    const auto versioned = b.table<Text, Text>("in", {}, {.name = "rows", .history = 100ms});
    versioned.join(b.table<Text, Text>("other"), both).to_stream().to("out");
  });
  JoinTest::pipe("other", "a", "U", 0ms);

  EXPECT_THAT(pipe("a", "A", 10ms), ElementsAre("a=A|U@10"));
  EXPECT_THAT(pipe("a", "B", 5ms), IsEmpty());
  EXPECT_THAT(pipe("a", "C", 15ms), ElementsAre("a=C|U@15"));
  EXPECT_EQ(dropped(), 1);
}

TEST_F(TableTest, AStoreBelowAVersionedTableIsAnOrdinaryTableAgain) {
  start([](StreamsBuilder& b) {
    const auto versioned = b.table<Text, Text>("in", {}, {.name = "rows", .history = 100ms});
    versioned.map_values([](const Text& value) { return value + "!"; }, {.name = "mapped"})
        .join(b.table<Text, Text>("other"), both)
        .to_stream()
        .to("out");
  });
  JoinTest::pipe("other", "a", "U", 0ms);

  EXPECT_THAT(pipe("a", "A", 10ms), ElementsAre("a=A!|U@10"));
  EXPECT_THAT(pipe("a", "B", 5ms), ElementsAre("a=B!|U@5"));
  EXPECT_THAT(pipe("a", "C", 15ms), ElementsAre("a=C!|U@15"));
  EXPECT_EQ(dropped(), 0);
}

}  // namespace
}  // namespace moldau::test
