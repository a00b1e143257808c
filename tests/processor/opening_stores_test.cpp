#include "processor/store_of_a_processor.h"

#include <functional>
#include <memory>

namespace moldau::test {
namespace {

using ::testing::HasSubstr;

class OpeningStores : public StoreOfAProcessor {
 protected:
  template <class F>
  Text refusal(F open_it) {
    return thrown<TopologyError>(open_it);
  }
};

TEST_F(OpeningStores, AHandleOfAnotherKindIsRefusedAndTheRightOneNamed) {
  open(persistent_window_store<Text, Text>("st", {.retention = 1h, .window_size = 1min}));

  EXPECT_THAT(refusal([&] { static_cast<void>(driver().key_value_store<Text, Text>("st")); }),
              HasSubstr("store \"st\" is opened by key_value_store(), but it is one for "
                        "window_store()"));
  EXPECT_THAT(
      refusal([&] { static_cast<void>(driver().timestamped_window_store<Text, Text>("st")); }),
      HasSubstr("one for window_store()"));
}

TEST_F(OpeningStores, AHandleForPlainValuesIsRefusedWhereTheyHaveTimes) {
  open(persistent_timestamped_key_value_store<Text, Text>("st"));

  EXPECT_THAT(refusal([&] { static_cast<void>(driver().key_value_store<Text, Text>("st")); }),
              HasSubstr("one for timestamped_key_value_store()"));
}

TEST_F(OpeningStores, OtherTypesThanTheStoreHoldsAreRefused) {
  open(in_memory_key_value_store<Text, std::int64_t>("st"));

  EXPECT_THAT(refusal([&] { static_cast<void>(driver().key_value_store<Text, Text>("st")); }),
              HasSubstr("the test opens the store \"st\" as <"));
}

TEST_F(OpeningStores, AStoreThatATopologyDoesNotHaveIsRefused) {
  open(in_memory_key_value_store<Text, Text>("st"));

  EXPECT_THAT(
      thrown<Error>([&] { static_cast<void>(driver().key_value_store<Text, Text>("other")); }),
      HasSubstr("has no store \"other\""));
}

// Calls a function in init().
class AtInit final : public Processor<Text, Text> {
 public:
  using Body = std::function<void(Context&)>;
  explicit AtInit(Body body) : body_(std::move(body)) {}
  void init(Context& context) override { body_(context); }
  void process(const Record<Text, Text>& /*record*/) override {}

 private:
  Body body_;
};

void run_in_init(const AtInit::Body& body, const ProcessOptions& options) {
  StreamsBuilder b;
  b.add_state_store(in_memory_key_value_store<Text, Text>("st"));
  b.add_global_store(in_memory_key_value_store<Text, Text>("gs"), "g",
                     [] { return std::make_unique<Idle>(); });
  b.stream<Text, Text>("in").process([body] { return std::make_unique<AtInit>(body); }, options);
  const testing::TopologyTestDriver driver{b.build()};
}

TEST(StoresOfAProcessor, AreThoseItIsConnectedTo) {
  const auto opens = [](AtInit::Context& context) {
    static_cast<void>(context.key_value_store<Text, Text>("st"));
  };

  run_in_init(opens, {.stores = {"st"}});
  EXPECT_THAT(thrown<TopologyError>([&] { run_in_init(opens, {.name = "p"}); }),
              HasSubstr("\"p\" opens the store \"st\", which is not connected to it"));
}

TEST(StoresOfAProcessor, AreOpenedWithTheTypesTheyHold) {
  EXPECT_THAT(thrown<TopologyError>([&] {
                run_in_init(
                    [](AtInit::Context& context) {
                      static_cast<void>(context.key_value_store<Text, std::int64_t>("st"));
                    },
                    {.name = "p", .stores = {"st"}});
              }),
              HasSubstr("\"p\" opens the store \"st\" as <"));
}

TEST(StoresOfAProcessor, MayBeWrittenToInInit) {
  run_in_init(
      [](AtInit::Context& context) {
        auto store = context.key_value_store<Text, Text>("st");
        store.put("a", "1");
        EXPECT_EQ(store.get("a"), "1");
      },
      {.stores = {"st"}});
}

TEST(StoresOfAProcessor, GlobalOnesAreReadOnly) {
  EXPECT_THAT(thrown<StateStoreError>([&] {
                run_in_init(
                    [](AtInit::Context& context) {
                      context.key_value_store<Text, Text>("gs").put("a", "1");
                    },
                    {});
              }),
              HasSubstr("store \"gs\" is a global one"));
}

// ---- describing stores ----

template <class F>
Text described_wrongly(F describe) {
  return thrown<TopologyError>([&] { static_cast<void>(describe()); });
}

TEST(DescribingStores, LengthsThatCannotBeAreRefused) {
  EXPECT_THAT(described_wrongly([] {
                return persistent_window_store<Text, Text>("w",
                                                           {.retention = 1s, .window_size = 2s});
              }),
              HasSubstr("store \"w\" keeps windows of 2000 ms for 1000 ms"));
  EXPECT_THAT(described_wrongly([] {
                return in_memory_window_store<Text, Text>("w",
                                                          {.retention = 1s, .window_size = -1ms});
              }),
              HasSubstr("window size of -1 ms"));
  EXPECT_THAT(described_wrongly([] { return persistent_session_store<Text, Text>("s", -1ms); }),
              HasSubstr("store \"s\" has a retention of -1 ms"));
  EXPECT_THAT(
      described_wrongly([] { return persistent_versioned_key_value_store<Text, Text>("v", -1ms); }),
      HasSubstr("store \"v\" has a history of -1 ms"));
  EXPECT_THAT(described_wrongly([] {
                return persistent_versioned_key_value_store<Text, Text>("v", 1s, {}, 0ms);
              }),
              HasSubstr("store \"v\" has segments of 0 ms"));
  EXPECT_THAT(described_wrongly([] { return lru_key_value_store<Text, Text>("l", 0); }),
              HasSubstr("store \"l\" keeps the 0 entries"));
}

TEST(DescribingStores, OnlyTimestampedOnesKeepHeaders) {
  EXPECT_THAT(described_wrongly(
                  [] { return persistent_key_value_store<Text, Text>("st", {.headers = true}); }),
              HasSubstr("store \"st\" is to keep headers"));
}

TEST(DescribingStores, ASerdeThatIsMissingIsFoundAtOnce) {
  struct Unknown {};

  EXPECT_THAT(described_wrongly([] { return persistent_key_value_store<Text, Unknown>("st"); }),
              HasSubstr("store \"st\" has no serde for its values"));
}

TEST(DescribingStores, TwoDifferentStoresOfOneNameAreRefused) {
  StreamsBuilder b;
  b.add_state_store(in_memory_key_value_store<Text, Text>("st"));
  b.add_state_store(persistent_key_value_store<Text, Text>("st"));
  b.stream<Text, Text>("in").process<Idle>({.stores = {"st"}});

  EXPECT_THAT(thrown<TopologyError>([&] { static_cast<void>(b.build()); }),
              HasSubstr("two different stores are called \"st\""));
}

TEST(DescribingStores, AStoreOnlyNamedMustBeInTheProgram) {
  StreamsBuilder b;
  b.stream<Text, Text>("in").process<Idle>({.name = "p", .stores = {"st"}});

  EXPECT_THAT(thrown<TopologyError>([&] { static_cast<void>(b.build()); }),
              HasSubstr("store \"st\", which \"p\" uses, has not been added"));
}

}  // namespace
}  // namespace moldau::test
