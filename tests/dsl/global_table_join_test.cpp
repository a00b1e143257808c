#include "dsl/join_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The row of a record is named by its value up to a hyphen; "x" names none.
const auto row_of = [](const Text* value) -> std::optional<Text> {
  if (value == nullptr || *value == "x") return std::nullopt;
  return value->substr(0, value->find('-'));
};

class GlobalTableJoins : public JoinTest {
 protected:
  void inner_join() {
    StreamsBuilder b;
    const auto g = b.global_table<Text, Text>("g");
    b.stream<Text, Text>("i").join(g, row_of, both).to("out");
    run(b);
  }
  void left_join() {
    StreamsBuilder b;
    const auto g = b.global_table<Text, Text>("g");
    b.stream<Text, Text>("i").left_join(g, row_of, left_and_maybe).to("out");
    run(b);
  }

  Texts i(const std::optional<Text>& key, const std::optional<Text>& value,
          std::chrono::milliseconds time, const Headers& headers = {}) {
    return pipe("i", key, value, time, headers);
  }
  Texts g(const std::optional<Text>& key, const std::optional<Text>& value,
          std::chrono::milliseconds time) {
    return pipe("g", key, value, time);
  }
};

TEST_F(GlobalTableJoins, AnInnerJoinNeedsARowAndKeepsKeyTimeAndHeadersOfTheRecord) {
  inner_join();
  g("p", "P", 9ms);

  EXPECT_THAT(i("a", "p-1", 1ms, {{"h", std::nullopt}}), ElementsAre("a=p-1|P@1 h"));
  EXPECT_THAT(i("a", "q-1", 1ms), IsEmpty());
  EXPECT_EQ(dropped(), 0);
}

TEST_F(GlobalTableJoins, AnInnerJoinDropsRecordsWithoutValueOrWithoutMappedKey) {
  inner_join();

  EXPECT_THAT(i("a", none, 1ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
  EXPECT_THAT(i("a", "x", 1ms), IsEmpty());
  EXPECT_EQ(dropped(), 2);
}

TEST_F(GlobalTableJoins, ARecordWithoutKeyIsJoinedAllTheSame) {
  inner_join();
  g("p", "P", 0ms);

  EXPECT_THAT(i(none, "p-1", 1ms), ElementsAre("-=p-1|P@1"));
  EXPECT_EQ(dropped(), 0);
}

TEST_F(GlobalTableJoins, ALeftJoinMeetsANullWithoutRowAndWithoutMappedKey) {
  left_join();

  EXPECT_THAT(i("a", "p-1", 1ms), ElementsAre("a=p-1|-@1"));
  EXPECT_THAT(i("a", "x", 2ms), ElementsAre("a=x|-@2"));
  EXPECT_EQ(dropped(), 0);
  EXPECT_THAT(i("a", none, 3ms), IsEmpty());
  EXPECT_EQ(dropped(), 1);
}

TEST_F(GlobalTableJoins, UpdatesAndDeletionsAreSeenAndLeadToNoResult) {
  left_join();

  EXPECT_THAT(g("p", "old", 5ms), IsEmpty());
  EXPECT_THAT(i("a", "p-1", 1ms), ElementsAre("a=p-1|old@1"));
  EXPECT_THAT(g("p", "new", 2ms), IsEmpty());
  EXPECT_THAT(i("a", "p-1", 1ms), ElementsAre("a=p-1|new@1"));
  EXPECT_THAT(g("p", none, 6ms), IsEmpty());
  EXPECT_THAT(i("a", "p-1", 7ms), ElementsAre("a=p-1|-@7"));
}

TEST_F(GlobalTableJoins, ARowWithoutKeyIsDropped) {
  left_join();

  g(none, "P", 0ms);

  EXPECT_EQ(dropped(), 1);
}

TEST_F(GlobalTableJoins, ASelectorMayTakeTheKeyAndTheTableMayHaveKeysOfAnotherType) {
  StreamsBuilder b;
  const auto sizes = b.global_table<std::int64_t, Text>("sizes");
  b.stream<Text, Text>("i")
      .join(
          sizes,
          [](const Text& k, const Text& v) { return static_cast<std::int64_t>((k + v).size()); },
          [](const Text& k, const Text& v, const Text& size) { return k + v + " is " + size; })
      .to("out");
  run(b);
  driver().input_topic<std::int64_t, Text>("sizes").pipe(3, "three");

  EXPECT_THAT(i("a", "bc", 1ms), ElementsAre("a=abc is three@1"));
}

TEST_F(GlobalTableJoins, AStreamWithOtherKeysIsNotRepartitioned) {
  StreamsBuilder b;
  const auto g = b.global_table<Text, Text>("g");
  b.stream<Text, Text>("i")
      .select_key([](const Text& v) { return v; })
      .join(g, row_of, both)
      .to("out");

  EXPECT_THAT(b.build().describe().to_string(),
              ::testing::Not(::testing::HasSubstr("repartition")));
}

TEST_F(GlobalTableJoins, KeysThatWereChangedBeforeAreRepartitionedForWhatNeedsThem) {
  StreamsBuilder b;
  const auto g = b.global_table<Text, Text>("g");
  b.stream<Text, Text>("i")
      .select_key([](const Text& v) { return v; })
      .join(g, row_of, both)
      .group_by_key()
      .count({.name = "counts"});

  EXPECT_THAT(b.build().describe().to_string(), ::testing::HasSubstr("counts-repartition"));
}

TEST(GlobalTableJoinProgram, RefusesATableOfAnotherBuilder) {
  StreamsBuilder one;
  StreamsBuilder other;
  const auto table = other.global_table<Text, Text>("g");
  const TextStream stream = one.stream<Text, Text>("i");

  EXPECT_THROW(static_cast<void>(stream.join(table, row_of, both)), TopologyError);
}

}  // namespace
}  // namespace moldau::test
