// Programs of streams and tables that cannot be run. Each is refused at the latest when it is
// built, with a message that names who is wrong.

#include "moldau/moldau.h"

#include "dsl/refusal.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace moldau::test {
namespace {

using namespace std::chrono_literals;
using Text = std::string;
using TextStream = KStream<Text, Text>;
using TextTable = KTable<Text, Text>;

const auto both = [](const Text& a, const Text& b) { return a + b; };
const auto same = [](const Text& v) { return v; };

class ProgramMistakes : public ::testing::Test {
 protected:
  TextStream stream(const Text& topic) { return builder_.stream<Text, Text>(topic); }
  TextTable table(const Text& topic, const Text& store = {}) {
    return builder_.table<Text, Text>(topic, {}, {.name = store});
  }
  void expect_build_refused(std::initializer_list<std::string> names) {
    expect_refused([&] { static_cast<void>(builder_.build()); }, names);
  }

  StreamsBuilder builder_;
};

TEST_F(ProgramMistakes, NothingToProcess) { expect_build_refused({"no source"}); }

TEST_F(ProgramMistakes, TwoOperatorsOfOneName) {
  stream("in").filter([](const Text&) { return true; }, {.name = "f"}).map_values(same, {"f"});

  expect_build_refused({"\"f\""});
}

TEST_F(ProgramMistakes, TwoBranchesOfOneName) {
  const auto any = [](const Text&) { return true; };
  static_cast<void>(stream("in")
                        .split({.name = "s-"})
                        .branch(any, {.name = "a"})
                        .branch(any, {.name = "a"})
                        .no_default_branch());

  expect_build_refused({"\"s-a\""});
}

TEST_F(ProgramMistakes, TwoTablesInOneStore) {
  table("a", "rows");
  table("b", "rows");

  expect_build_refused({"\"rows\"", "KTABLE-SOURCE-0000000001", "KTABLE-SOURCE-0000000003"});
}

TEST_F(ProgramMistakes, BothSidesOfAJoinInOneStore) {
  stream("in").join(stream("other"), both, JoinWindows::within(1s),
                    {.this_store = JoinStore{.name = "w"}, .other_store = JoinStore{.name = "w"}});

  expect_build_refused({"\"w\"", "KSTREAM-WINDOWED-0000000002", "KSTREAM-WINDOWED-0000000003"});
}

TEST_F(ProgramMistakes, TwoRepartitionTopicsOfOneName) {
  static_cast<void>(stream("a").repartition({.name = "r"}));
  static_cast<void>(stream("b").repartition({.name = "r"}));

  expect_build_refused({"\"r-repartition\""});
}

TEST_F(ProgramMistakes, ARepartitionTopicWithoutPartitions) {
  static_cast<void>(stream("a").repartition({.name = "r", .partitions = 0}));

  expect_build_refused({"\"r-repartition\"", "0 partitions"});
}

TEST_F(ProgramMistakes, JoinedRepartitionTopicsWithDifferentPartitionCounts) {
  const TextStream left = stream("a").repartition({.name = "l", .partitions = 3});
  const TextStream right = stream("b").repartition({.name = "r", .partitions = 4});
  left.join(right, both, JoinWindows::within(1s));

  expect_build_refused({"\"l-repartition\"", "\"r-repartition\"", "3", "4"});
}

TEST_F(ProgramMistakes, AStreamAndATableOfDifferentPartitionCounts) {
  const TextTable rows = stream("a").repartition({.name = "l", .partitions = 3}).to_table();
  stream("b").repartition({.name = "r", .partitions = 4}).join(rows, both);

  expect_build_refused({"\"l-repartition\"", "\"r-repartition\"", "3", "4"});
}

TEST_F(ProgramMistakes, AStreamAndATableOfOneTopic) {
  const TextStream words = stream("in");
  const TextTable rows = table("in");

  expect_build_refused({"\"in\"", "KSTREAM-SOURCE-0000000000", "KSTREAM-SOURCE-0000000002"});
}

TEST_F(ProgramMistakes, AStreamAndAGlobalTableOfOneTopic) {
  const TextStream words = stream("in");
  builder_.global_table<Text, Text>("in");

  expect_build_refused({"\"in\"", "KSTREAM-SOURCE-0000000000", "KSTREAM-SOURCE-0000000002"});
}

TEST_F(ProgramMistakes, StreamsOfOneTopicWithDifferentOffsetResets) {
  builder_.stream<Text, Text>("in", {.name = "a", .reset = AutoOffsetReset::earliest});
  builder_.stream<Text, Text>("in", {.name = "b", .reset = AutoOffsetReset::latest});

  expect_build_refused({"\"in\"", "\"a\"", "\"b\""});
}

TEST_F(ProgramMistakes, StreamsThatShareSomeOfTheirTopics) {
  builder_.stream<Text, Text>({"in", "in2"}, {.name = "a"});
  builder_.stream<Text, Text>({"in", "in3"}, {.name = "b"});

  expect_build_refused({"\"in\"", "\"a\"", "\"b\""});
}

TEST_F(ProgramMistakes, ASinkWithoutTopic) {
  stream("in").to("", {.name = "end"});

  expect_build_refused({"sink \"end\"", "topic name \"\""});
}

TEST_F(ProgramMistakes, AnEmptyListOfTopics) {
  builder_.stream<Text, Text>(std::initializer_list<std::string_view>{}, {.name = "a"});

  expect_build_refused({"\"a\" reads no topic"});
}

TEST_F(ProgramMistakes, NamesThatTopicsAndFoldersCannotHave) {
  expect_refused([&] { stream("in").map_values(same, {.name = "a b"}); }, {"\"a b\""});
  expect_refused([&] { table("t", "a/b"); }, {"\"a/b\""});
  expect_refused([&] { table("u", ".."); }, {"\"..\""});
}

TEST_F(ProgramMistakes, StreamsAndTablesOfDifferentBuilders) {
  StreamsBuilder other;
  const TextStream words = other.stream<Text, Text>("in");
  const TextTable rows = other.table<Text, Text>("t");
  const auto global = other.global_table<Text, Text>("g");
  const TextStream mine = stream("in");

  expect_refused([&] { static_cast<void>(mine.merge(words)); }, {"different StreamsBuilders"});
  expect_refused([&] { static_cast<void>(mine.join(words, both, JoinWindows::within(1s))); },
                 {"another StreamsBuilder"});
  expect_refused([&] { static_cast<void>(mine.join(rows, both)); }, {"another StreamsBuilder"});
  expect_refused([&] { static_cast<void>(mine.join(global, same, both)); },
                 {"another StreamsBuilder"});
  expect_refused([&] { static_cast<void>(table("t").join(rows, both)); },
                 {"different StreamsBuilders"});
}

TEST_F(ProgramMistakes, AGracePeriodOnATableWithoutHistory) {
  const TextTable rows = table("t", "rows");

  expect_refused(
      [&] { static_cast<void>(stream("in").join(rows, both, {.name = "j", .grace = 1ms})); },
      {"\"j\"", "KTABLE-SOURCE-0000000001", "versioned"});
}

TEST_F(ProgramMistakes, AGracePeriodThatIsLongerThanTheHistory) {
  const TextTable rows = builder_.table<Text, Text>("t", {}, {.name = "rows", .history = 10ms});

  expect_refused(
      [&] { static_cast<void>(stream("in").join(rows, both, {.name = "j", .grace = 11ms})); },
      {"\"j\"", "KTABLE-SOURCE-0000000001", "11 ms", "10 ms"});
}

TEST_F(ProgramMistakes, ANegativeHistory) {
  expect_refused([&] { builder_.table<Text, Text>("t", {}, {.name = "rows", .history = -1ms}); },
                 {"\"rows\"", "-1 ms"});
}

TEST_F(ProgramMistakes, AVersionedGlobalTable) {
  expect_refused([&] { builder_.global_table<Text, Text>("t", {}, {.history = 1ms}); },
                 {"\"t\"", "not versioned"});
}

TEST_F(ProgramMistakes, SuppressOfAVersionedTable) {
  const TextTable rows = builder_.table<Text, Text>("t", {}, {.name = "rows", .history = 10ms});

  expect_refused([&] { static_cast<void>(rows.suppress(until_time_limit(1s))); },
                 {"KTABLE-SOURCE-0000000001", "versioned"});
}

TEST_F(ProgramMistakes, AStoreThatAProcessorUsesAndNobodyAdds) {
  struct Quiet final : Processor<Text, Text, Text, Text> {
    void process(const Record<Text, Text>& /*record*/) override {}
  };
  stream("in").process<Quiet>({.name = "p", .stores = {"counts"}});

  expect_build_refused({"\"p\"", "\"counts\""});
}

// Suppliers that return nothing.
class NoProcessor : public ProgramMistakes {
 protected:
  struct Quiet final : Processor<Text, Text, Text, Text> {
    void process(const Record<Text, Text>& /*record*/) override {}
  };
  struct QuietFixed final : FixedKeyProcessor<Text, Text, Text> {
    void process(const FixedKeyRecord<Text, Text>& /*record*/) override {}
  };
  struct QuietTransformer final : ValueTransformer<Text, Text, Text> {
    std::optional<Text> transform(const FixedKeyRecord<Text, Text>& /*row*/) override { return {}; }
  };
};

TEST_F(NoProcessor, FromTheSupplierOfProcess) {
  stream("in").process([] { return std::unique_ptr<Quiet>{}; }, {.name = "p"});

  expect_build_refused({"\"p\"", "gave no processor"});
}

TEST_F(NoProcessor, FromTheSupplierOfProcessValues) {
  static_cast<void>(
      stream("in").process_values([] { return std::unique_ptr<QuietFixed>{}; }, {.name = "p"}));

  expect_build_refused({"\"p\"", "gave no processor"});
}

TEST_F(NoProcessor, FromTheSupplierOfTransformValues) {
  static_cast<void>(table("in").transform_values([] { return std::unique_ptr<QuietTransformer>{}; },
                                                 ProcessOptions{.name = "p"}));

  expect_build_refused({"\"p\"", "gave no processor"});
}

TEST_F(NoProcessor, FromTheSupplierOfAGlobalStore) {
  struct Filler final : Processor<Text, Text> {
    void process(const Record<Text, Text>& /*record*/) override {}
  };
  builder_.add_global_store(in_memory_key_value_store<Text, Text>("rates"), "rates",
                            [] { return std::unique_ptr<Filler>{}; });

  expect_build_refused({"\"KTABLE-SOURCE-0000000001\"", "gave no processor"});
}

TEST_F(ProgramMistakes, AStoreThatIsAddedByItsNameAlone) {
  expect_refused([&] { builder_.add_state_store("counts"); }, {"\"counts\"", "describe it"});
}

}  // namespace
}  // namespace moldau::test
