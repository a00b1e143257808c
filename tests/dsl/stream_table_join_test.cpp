#include "dsl/join_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using TextTable = KTable<Text, Text>;

class StreamTableJoins : public JoinTest {
 protected:
  void left_join(Materialized<Text, Text> materialized = {}, Joined<Text, Text, Text> joined = {}) {
    StreamsBuilder b;
    const TextTable t = b.table<Text, Text>("t", {}, std::move(materialized));
    b.stream<Text, Text>("i").left_join(t, left_and_maybe, std::move(joined)).to("out");
    run(b);
  }

  Texts i(const std::optional<Text>& key, const std::optional<Text>& value,
          std::chrono::milliseconds time) {
    return pipe("i", key, value, time);
  }
  Texts t(const Text& key, const std::optional<Text>& value, std::chrono::milliseconds time) {
    return pipe("t", key, value, time);
  }
};

TEST_F(StreamTableJoins, ALeftJoinLooksTheRowUpAsItIs) {
  left_join();

  EXPECT_THAT(i("a", "A", 1ms), ElementsAre("a=A|-@1"));
  EXPECT_THAT(t("a", "T", 5ms), IsEmpty());
  EXPECT_THAT(i("a", "B", 2ms), ElementsAre("a=B|T@2"));
  EXPECT_THAT(i("a", none, 6ms), IsEmpty());
  EXPECT_THAT(i(none, "C", 7ms), ElementsAre("-=C|-@7"));
  EXPECT_THAT(t("a", none, 8ms), IsEmpty());
  EXPECT_THAT(i("a", "D", 9ms), ElementsAre("a=D|-@9"));
  EXPECT_EQ(dropped(), 1);
}

TEST_F(StreamTableJoins, AnInnerJoinNeedsAKeyAValueAndARow) {
  StreamsBuilder b;
  const TextTable table = b.table<Text, Text>("t");
  b.stream<Text, Text>("i").join(table, both).to("out");
  run(b);
  t("a", "T", 0ms);

  EXPECT_THAT(i("b", "B", 1ms), IsEmpty());
  EXPECT_EQ(dropped(), 0);
  EXPECT_THAT(i(none, "C", 1ms), IsEmpty());
  EXPECT_THAT(i("a", none, 1ms), IsEmpty());
  EXPECT_EQ(dropped(), 2);
  EXPECT_THAT(pipe("i", "a", "A", 1ms, {{"h", std::nullopt}}), ElementsAre("a=A|T@1 h"));
}

TEST_F(StreamTableJoins, ADerivedTableIsReadThroughTheTableItComesFrom) {
  StreamsBuilder b;
  const TextTable table = b.table<Text, Text>("t")
                              .filter([](const Text& v) { return v != "hidden"; })
                              .map_values([](const Text& v) { return v + "!"; });
  b.stream<Text, Text>("i").left_join(table, left_and_maybe).to("out");
  run(b);
  t("a", "T", 0ms);
  t("b", "hidden", 0ms);

  EXPECT_THAT(i("a", "A", 1ms), ElementsAre("a=A|T!@1"));
  EXPECT_THAT(i("b", "B", 1ms), ElementsAre("b=B|-@1"));
}

TEST_F(StreamTableJoins, ARowThatIsStillInTheCacheIsFound) {
  StreamsBuilder b;
  const auto words = b.stream<Text, Text>("w").group_by_key().count();
  b.stream<Text, Text>("i")
      .join(words, [](const Text& v, std::int64_t n) { return v + std::to_string(n); })
      .to("out");
  run(b, Config{.application_id = "test", .statestore_cache_max_bytes = 1 << 20});
  pipe("w", "a", "x", 0ms);
  pipe("w", "a", "x", 0ms);

  EXPECT_THAT(i("a", "A", 1ms), ElementsAre("a=A2@1"));
}

TEST_F(StreamTableJoins, AStreamWithOtherKeysIsRepartitionedAndKeepsRecordsWithoutKey) {
  StreamsBuilder b;
  const TextTable table = b.table<Text, Text>("t");
  b.stream<Text, Text>("i")
      .select_key([](const Text& v) -> std::optional<Text> {
        return v == "n" ? std::nullopt : std::optional{v.substr(0, 1)};
      })
      .left_join(table, left_and_maybe, {.name = "j"})
      .to("out");
  run(b);
  t("x", "T", 0ms);

  EXPECT_THAT(i("a", "x1", 1ms), ElementsAre("x=x1|T@1"));
  EXPECT_THAT(i("a", "n", 2ms), ElementsAre("-=n|-@2"));
}

TEST(StreamTableJoinProgram, RefusesAGracePeriodOnATableWithoutHistory) {
  StreamsBuilder b;
  const TextTable table = b.table<Text, Text>("t", {}, {.name = "rows"});
  const TextStream stream = b.stream<Text, Text>("i");

  EXPECT_THAT(
      [&] {
        static_cast<void>(stream.left_join(table, left_and_maybe, {.name = "j", .grace = 1ms}));
      },
      ::testing::ThrowsMessage<TopologyError>(
          ::testing::AllOf(HasSubstr("\"j\""), HasSubstr("versioned"))));
}

}  // namespace
}  // namespace moldau::test
