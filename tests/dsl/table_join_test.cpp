// Joins of tables by key. The first tests are traces of the reference.

#include "moldau/topology/subscription.h"

#include "dsl/table_join_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(TableInnerJoin, HasARowWhereBothSidesHaveOne) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) { return l.join(r, both); }};

  EXPECT_THAT(join.left("a", "L1", 3), IsEmpty());
  EXPECT_THAT(join.right("a", "R1", 1), ElementsAre("a=L1|R1 @3"));
  EXPECT_THAT(join.left("a", "L2", 2), ElementsAre("a=L2|R1 @2"));
  EXPECT_THAT(join.right("a", std::nullopt, 5), ElementsAre("a=null @5"));
  EXPECT_THAT(join.right("a", std::nullopt, 6), ElementsAre("a=null @6")) << "said again";
  EXPECT_THAT(join.left("a", std::nullopt, 7), IsEmpty());
  EXPECT_THAT(join.left("a", std::nullopt, 8), IsEmpty());
  EXPECT_THAT(join.right("a", "R2", 4), IsEmpty());
  EXPECT_THAT(join.right("a", std::nullopt, 9), IsEmpty());
}

TEST(TableLeftJoin, HasARowForEachRowOfTheLeftTable) {
  JoinOfTables join{
      [](const TextTable& l, const TextTable& r) { return l.left_join(r, left_and_maybe_right); }};

  EXPECT_THAT(join.left("a", "L1", 3), ElementsAre("a=L1|- @3"));
  EXPECT_THAT(join.right("a", "R1", 1), ElementsAre("a=L1|R1 @3"));
  EXPECT_THAT(join.left("a", "L2", 2), ElementsAre("a=L2|R1 @2"));
  EXPECT_THAT(join.right("a", std::nullopt, 5), ElementsAre("a=L2|- @5"));
  EXPECT_THAT(join.right("a", std::nullopt, 6), ElementsAre("a=L2|- @6"));
  EXPECT_THAT(join.left("a", std::nullopt, 7), ElementsAre("a=null @7"));
  EXPECT_THAT(join.left("a", std::nullopt, 8), IsEmpty());
  EXPECT_THAT(join.right("a", "R2", 4), IsEmpty());
  EXPECT_THAT(join.right("a", std::nullopt, 9), IsEmpty());
}

TEST(TableOuterJoin, HasARowForEachKeyOfEitherTable) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) { return l.outer_join(r, either); }};

  EXPECT_THAT(join.left("a", "L1", 3), ElementsAre("a=L1|- @3"));
  EXPECT_THAT(join.right("a", "R1", 1), ElementsAre("a=L1|R1 @3"));
  EXPECT_THAT(join.left("a", "L2", 2), ElementsAre("a=L2|R1 @2"));
  EXPECT_THAT(join.right("a", std::nullopt, 5), ElementsAre("a=L2|- @5"));
  EXPECT_THAT(join.right("a", std::nullopt, 6), ElementsAre("a=L2|- @6"));
  EXPECT_THAT(join.left("a", std::nullopt, 7), ElementsAre("a=null @7"));
  EXPECT_THAT(join.left("a", std::nullopt, 8), IsEmpty());
  EXPECT_THAT(join.right("a", "R2", 4), ElementsAre("a=-|R2 @4"));
  EXPECT_THAT(join.right("a", std::nullopt, 9), ElementsAre("a=null @9"));
}

TEST(TableJoin, AJoinerMayLeaveARowOut) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) {
    return l.join(r, [](const Text& left, const Text& right) {
      return left == right ? std::nullopt : std::optional{left + right};
    });
  }};

  EXPECT_THAT(join.left("a", "x", 1), IsEmpty());
  EXPECT_THAT(join.right("a", "y", 2), ElementsAre("a=xy @2"));
  EXPECT_THAT(join.right("a", "x", 3), ElementsAre("a=null @3"));
}

TEST(TableJoin, AResultThatIsNamedKeepsItsRowsWithTheLaterTime) {
  JoinOfTables join{
      [](const TextTable& l, const TextTable& r) { return l.join(r, both, {.name = "joined"}); }};

  join.left("a", "L", 3);
  join.right("a", "R", 1);

  const auto rows = join.driver().store("joined");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].timestamp, Timestamp{3});
  EXPECT_EQ(rows[0].value.bytes().text(), "L|R");
}

TEST(TableJoin, AResultWithoutAStoreIsJoinedAgainForWhoLooksRowsUp) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) {
    const TextTable outer = l.outer_join(r, either);
    return r.map_values([](const Text& v) { return "(" + v + ")"; }).join(outer, both);
  }};

  EXPECT_THAT(join.left("a", "L", 3), IsEmpty());
  EXPECT_THAT(join.right("a", "R", 1), ElementsAre("a=(R)|L|R @3", "a=(R)|L|R @3"));
  EXPECT_THAT(join.left("a", std::nullopt, 2), ElementsAre("a=(R)|-|R @2"));
}

TEST(TableJoin, WhatIsBelowSeesTheRowBeforeAndSkipsRowsThatNeverPassed) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) {
    return l.join(r, both).filter([](const Text& v) { return v != "L|R"; });
  }};

  EXPECT_THAT(join.left("a", "L", 1), IsEmpty());
  EXPECT_THAT(join.right("a", "R", 2), IsEmpty()) << "neither passed before nor passes now";
  EXPECT_THAT(join.right("a", "R2", 3), ElementsAre("a=L|R2 @3"));
  EXPECT_THAT(join.right("a", "R", 4), ElementsAre("a=null @4"));
}

TEST(TableJoin, OfATableWithItselfReactsTwice) {
  JoinOfTables join{[](const TextTable& l, const TextTable&) { return l.join(l, both); }};

  EXPECT_THAT(join.left("a", "x", 1), ElementsAre("a=x|x @1", "a=x|x @1"));
}

TEST(TableJoin, TakesTheNamesOfItsNodesFromItsOwn) {
  StreamsBuilder builder;
  const TextTable left = builder.table<Text, Text>("l");
  left.join(builder.table<Text, Text>("r"), both, Named{"both"});

  const std::string described = builder.build().describe().to_string();

  EXPECT_THAT(described,
              HasSubstr("Processor: both-join-this (stores: [r-STATE-STORE-0000000003])"));
  EXPECT_THAT(described,
              HasSubstr("Processor: both-join-other (stores: [l-STATE-STORE-0000000000])"));
  EXPECT_THAT(described, HasSubstr("Processor: both (stores: [])"));
}

TEST(TableJoin, NeedsTopicsOfOnePartitionCount) {
  StreamsBuilder builder;
  const TextTable left = builder.table<Text, Text>("l");
  left.join(builder.table<Text, Text>("r"), both);
  const Topology topology = builder.build();

  const auto part = topology::make_subscription(topology.plan(), "app").subtopologies.at(0);

  ASSERT_EQ(part.copartition_groups.size(), 1U);
  EXPECT_THAT(part.copartition_groups[0].source_topics, ElementsAre("l", "r"));
}

TEST(TableJoin, OfTwoProgramsIsRefused) {
  StreamsBuilder one;
  StreamsBuilder other;
  const TextTable left = one.table<Text, Text>("l");
  const TextTable right = other.table<Text, Text>("r");

  EXPECT_THROW(left.join(right, both), TopologyError);
  EXPECT_THROW(left.join(
                   right, [](const Text& v) { return v; }, both),
               TopologyError);
}

}  // namespace
}  // namespace moldau::test
