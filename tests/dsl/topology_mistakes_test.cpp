// Topologies put together by hand that cannot be run. Each is refused when it is built, with a
// message that names who is wrong.

#include "moldau/moldau.h"

#include "dsl/refusal.h"

#include <memory>
#include <string>

namespace moldau::test {
namespace {

using Text = std::string;

class Echo final : public Processor<Text, Text, Text, Text> {
 public:
  void process(const Record<Text, Text>& record) override { context().forward(record); }
};

class Measure final : public Processor<Text, Text, Text, std::int64_t> {
 public:
  void process(const Record<Text, Text>& /*record*/) override {}
};

class TopologyMistakes : public ::testing::Test {
 protected:
  TopologyMistakes() {
    builder_.add_source<Text, Text>("source", {"in"});
    builder_.add_processor<Echo>("processor", {"source"});
    builder_.add_sink<Text, Text>("sink", "out", {"processor"});
  }

  // Refused, and after that the builder is as it was.
  void expect_call_refused(const std::function<void()>& call,
                           std::initializer_list<std::string> names) {
    const std::string before = builder_.build().describe().to_string();
    expect_refused(call, names);
    EXPECT_EQ(builder_.build().describe().to_string(), before);
  }

  void add_global_store() {
    builder_.add_global_store(in_memory_key_value_store<Text, Text>("rates"), "rates-source",
                              "rates-topic", "rates-processor", [] { return Echo{}; });
  }

  TopologyBuilder builder_;
};

TEST_F(TopologyMistakes, NothingToProcess) {
  expect_refused([] { static_cast<void>(TopologyBuilder{}.build()); }, {"no source"});
}

TEST_F(TopologyMistakes, ANameThatIsTaken) {
  expect_call_refused([&] { builder_.add_source<Text, Text>("processor", {"in2"}); },
                      {"\"processor\""});
  expect_call_refused([&] { builder_.add_processor<Echo>("source", {"source"}); }, {"\"source\""});
  expect_call_refused([&] { builder_.add_sink<Text, Text>("sink", "out2", {"processor"}); },
                      {"\"sink\""});
}

TEST_F(TopologyMistakes, ANameThatTopicsAndFoldersCannotHave) {
  for (const char* name : {"", ".", "..", "a b", "a/b", "\xc3\xa4"}) {
    expect_call_refused([&] { builder_.add_processor<Echo>(name, {"source"}); }, {"name"});
    expect_call_refused([&] { builder_.add_source<Text, Text>("other", {name}); },
                        {"source \"other\"", "topic name"});
    expect_call_refused([&] { builder_.add_sink<Text, Text>("other", name, {"source"}); },
                        {"sink \"other\"", "topic name"});
    expect_call_refused(
        [&] { builder_.add_state_store(in_memory_key_value_store<Text, Text>(name)); }, {"name"});
  }
  const std::string too_long(250, 'a');
  expect_call_refused([&] { builder_.add_processor<Echo>(too_long, {"source"}); }, {"249"});
}

TEST_F(TopologyMistakes, AParentThatIsUnknown) {
  expect_call_refused(
      [&] {
        builder_.add_processor<Echo>("p", {"source", "sauce"});
      },
      {"\"p\"", "\"sauce\""});
  expect_call_refused([&] { builder_.add_sink<Text, Text>("s", "out2", {"sauce"}); },
                      {"\"s\"", "\"sauce\""});
}

// A circle would need a parent that is added later.
TEST_F(TopologyMistakes, ANodeThatIsItsOwnParent) {
  expect_call_refused(
      [&] {
        builder_.add_processor<Echo>("p", {"source", "p"});
      },
      {"\"p\" is its own parent"});
}

TEST_F(TopologyMistakes, ANodeWithoutParents) {
  expect_call_refused([&] { builder_.add_processor<Echo>("p", {}); }, {"\"p\" has no parent"});
  expect_call_refused([&] { builder_.add_sink<Text, Text>("s", "out2", {}); },
                      {"\"s\" has no parent"});
}

TEST_F(TopologyMistakes, AParentThatIsASink) {
  expect_call_refused([&] { builder_.add_processor<Echo>("p", {"sink"}); }, {"\"p\"", "\"sink\""});
}

TEST_F(TopologyMistakes, ASourceWithoutTopics) {
  expect_call_refused([&] { builder_.add_source<Text, Text>("other", TopologyBuilder::Names{}); },
                      {"\"other\" reads no topic"});
}

TEST_F(TopologyMistakes, ATopicWithTwoSources) {
  expect_call_refused(
      [&] {
        builder_.add_source<Text, Text>("other", {"in2", "in"});
      },
      {"\"in\"", "\"source\"", "\"other\""});
  expect_call_refused(
      [&] {
        builder_.add_source<Text, Text>("other", {"in2", "in2"});
      },
      {"\"in2\"", "\"other\"", "twice"});
}

TEST_F(TopologyMistakes, APatternThatMatchesATopicOfAnotherSource) {
  expect_call_refused([&] { builder_.add_source<Text, Text>("other", TopicPattern{"i.*"}); },
                      {"i.*", "\"in\"", "\"source\"", "\"other\""});
  builder_.add_source<Text, Text>("orders", TopicPattern{"orders-.*"});
  expect_call_refused([&] { builder_.add_source<Text, Text>("other", {"orders-eu"}); },
                      {"orders-.*", "\"orders-eu\"", "\"orders\"", "\"other\""});
}

TEST_F(TopologyMistakes, APatternThatIsNone) {
  expect_call_refused([&] { builder_.add_source<Text, Text>("other", TopicPattern{"("}); },
                      {"\"other\""});
}

TEST_F(TopologyMistakes, ANodeThatTakesOtherTypesThanItsParentEmits) {
  builder_.add_processor<Measure>("measure", {"source"});
  builder_.add_sink<Text, Text>("texts", "lengths", {"measure"});

  expect_refused([&] { static_cast<void>(builder_.build()); },
                 {"\"measure\" emits <string, long>", "\"texts\" takes <string, string>"});
}

TEST_F(TopologyMistakes, AStoreThatIsUnknown) {
  expect_call_refused([&] { builder_.add_processor<Echo>("p", {"source"}, {"counts"}); },
                      {"\"counts\"", "\"p\""});
  expect_call_refused([&] { builder_.connect_processor_and_state_stores("processor", {"counts"}); },
                      {"\"counts\"", "\"processor\""});
}

TEST_F(TopologyMistakes, AStoreThatIsAddedByItsNameAlone) {
  expect_call_refused([&] { builder_.add_state_store("counts"); }, {"\"counts\"", "describe it"});
}

TEST_F(TopologyMistakes, AStoreForANodeThatIsUnknownOrNoProcessor) {
  const auto counts = in_memory_key_value_store<Text, std::int64_t>("counts");
  expect_call_refused([&] { builder_.add_state_store(counts, {"p"}); }, {"\"p\""});
  expect_call_refused([&] { builder_.add_state_store(counts, {"source"}); },
                      {"\"source\" is a source"});
  expect_call_refused([&] { builder_.add_state_store(counts, {"sink"}); }, {"\"sink\" is a sink"});
}

TEST_F(TopologyMistakes, AConnectionToNoStore) {
  expect_call_refused([&] { builder_.connect_processor_and_state_stores("processor", {}); },
                      {"\"processor\""});
}

TEST_F(TopologyMistakes, TwoDifferentStoresOfOneName) {
  builder_.add_state_store(in_memory_key_value_store<Text, std::int64_t>("counts"), {"processor"});

  expect_call_refused(
      [&] { builder_.add_state_store(persistent_key_value_store<Text, std::int64_t>("counts")); },
      {"\"counts\""});
  expect_call_refused(
      [&] { builder_.add_state_store(in_memory_key_value_store<Text, Text>("counts")); },
      {"\"counts\""});
}

TEST_F(TopologyMistakes, AGlobalStoreThatIsConnected) {
  add_global_store();

  expect_call_refused([&] { builder_.add_processor<Echo>("p", {"source"}, {"rates"}); },
                      {"\"rates\"", "\"p\"", "without being connected"});
}

TEST_F(TopologyMistakes, AGlobalStoreWithTheNameOfAnother) {
  builder_.add_state_store(in_memory_key_value_store<Text, Text>("rates"), {"processor"});
  expect_call_refused([&] { add_global_store(); }, {"\"rates\""});

  TopologyBuilder other;
  const auto rates = in_memory_key_value_store<Text, Text>("rates");
  other.add_global_store(rates, "a", "a-topic", "b", [] { return Echo{}; });
  expect_refused([&] { other.add_state_store(rates); }, {"\"rates\""});
  expect_refused([&] { other.add_global_store(rates, "c", "c-topic", "d", [] { return Echo{}; }); },
                 {"\"rates\""});
}

TEST_F(TopologyMistakes, AGlobalStoreOnATopicThatIsReadAlready) {
  expect_call_refused(
      [&] {
        builder_.add_global_store(in_memory_key_value_store<Text, Text>("rates"), "rates-source",
                                  "in", "rates-processor", [] { return Echo{}; });
      },
      {"\"in\"", "\"source\"", "\"rates-source\""});
}

TEST_F(TopologyMistakes, AGlobalStoreWhoseTwoNodesHaveOneName) {
  expect_call_refused(
      [&] {
        builder_.add_global_store(in_memory_key_value_store<Text, Text>("rates"), "same",
                                  "rates-topic", "same", [] { return Echo{}; });
      },
      {"\"rates\"", "\"same\""});
}

// Nodes below it would run on the global thread, which commits nothing and sends nothing.
TEST_F(TopologyMistakes, ANodeBelowAGlobalStore) {
  add_global_store();

  expect_call_refused([&] { builder_.add_processor<Echo>("p", {"rates-processor"}); },
                      {"\"p\"", "\"rates-processor\"", "global store"});
  expect_call_refused([&] { builder_.add_sink<Text, Text>("s", "out2", {"rates-source"}); },
                      {"\"s\"", "\"rates-source\"", "global store"});
}

TEST_F(TopologyMistakes, AnotherStoreForTheProcessorOfAGlobalOne) {
  add_global_store();

  expect_call_refused(
      [&] {
        builder_.add_state_store(in_memory_key_value_store<Text, Text>("more"),
                                 {"rates-processor"});
      },
      {"\"rates-processor\"", "\"rates\"", "\"more\""});
}

TEST_F(TopologyMistakes, ASupplierThatGivesNoProcessor) {
  builder_.add_processor("p", [] { return std::unique_ptr<Echo>{}; }, {"source"});

  expect_refused([&] { static_cast<void>(builder_.build()); }, {"\"p\"", "gave no processor"});
}

// One that gives processors by value cannot give none, so nobody asks it before a task does.
TEST_F(TopologyMistakes, OnlyASupplierOfPointersIsAskedWhenTheTopologyIsBuilt) {
  int by_pointer = 0;
  int by_value = 0;
  const auto pointer = [&by_pointer] {
    ++by_pointer;
    return std::make_unique<Echo>();
  };
  const auto value = [&by_value] {
    ++by_value;
    return Echo{};
  };
  builder_.add_processor("p", pointer, {"source"}).add_processor("v", value, {"source"});

  static_cast<void>(builder_.build());

  EXPECT_EQ(by_pointer, 1);
  EXPECT_EQ(by_value, 0);
}

TEST_F(TopologyMistakes, AReadOnlyStoreOnATopicThatIsReadAlready) {
  expect_call_refused(
      [&] {
        builder_.add_read_only_state_store(in_memory_key_value_store<Text, Text>("rates"),
                                           "rates-source", "in", "rates-processor",
                                           [] { return Echo{}; });
      },
      {"\"in\"", "\"source\"", "\"rates-source\""});
}

}  // namespace
}  // namespace moldau::test
