#include "processor/store_of_a_processor.h"

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

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

// Fills a global store of each kind, and shows what its readers find.
template <class Store>
struct GlobalStore;

template <>
struct GlobalStore<WindowStore<Text, Text>> {
  static auto describe() {
    return in_memory_window_store<Text, Text>("gs", {.retention = 1h, .window_size = 1min});
  }
  static auto open(ProcessingContext& context) { return context.window_store<Text, Text>("gs"); }
  static void put(WindowStore<Text, Text>& store, const Text& value, Timestamp time) {
    store.put("k", value, time);
  }
  static Text show(WindowStore<Text, Text>& store) {
    Text shown = store.fetch("k", at(1s)).value_or("-");
    for (const auto& [start, value] : store.fetch("k", at(0s), at(1h))) shown += value;
    for (const auto& [key, value] : store.all()) shown += value;
    return shown;
  }
};

template <>
struct GlobalStore<SessionStore<Text, Text>> {
  static auto describe() { return in_memory_session_store<Text, Text>("gs", 1h); }
  static auto open(ProcessingContext& context) { return context.session_store<Text, Text>("gs"); }
  static void put(SessionStore<Text, Text>& store, const Text& value, Timestamp time) {
    store.put({"k", {time, time}}, value);
  }
  static Text show(SessionStore<Text, Text>& store) {
    Text shown = store.fetch_session("k", at(1s), at(1s)).value_or("-");
    for (const auto& [session, value] : store.fetch("k")) shown += value;
    for (const auto& [session, value] : store.fetch("a", "z")) shown += value;
    return shown;
  }
};

template <>
struct GlobalStore<VersionedKeyValueStore<Text, Text>> {
  static auto describe() { return persistent_versioned_key_value_store<Text, Text>("gs", 1h); }
  static auto open(ProcessingContext& context) {
    return context.versioned_key_value_store<Text, Text>("gs");
  }
  static void put(VersionedKeyValueStore<Text, Text>& store, const Text& value, Timestamp time) {
    store.put("k", value, time);
  }
  static Text show(VersionedKeyValueStore<Text, Text>& store) {
    const auto old = store.get("k", at(1s));
    const auto latest = store.get("k");
    return (old ? old->value : "-") + (latest ? latest->value : "-");
  }
};

template <class Store>
class Fills final : public Processor<Text, Text> {
 public:
  void init(Context& context) override { store_ = GlobalStore<Store>::open(context); }
  void process(const Record<Text, Text>& record) override {
    GlobalStore<Store>::put(store_, record.value(), record.timestamp());
  }

 private:
  Store store_;
};

template <class Store>
class Shows final : public Processor<Text, Text, Text, Text> {
 public:
  void init(Context& context) override { store_ = GlobalStore<Store>::open(context); }
  void process(const Record<Text, Text>& record) override {
    if (record.value() == "put") GlobalStore<Store>::put(store_, "x", at(1h));
    context().forward(record.with_value(GlobalStore<Store>::show(store_)));
  }

 private:
  Store store_;
};

template <class Store>
class GlobalStoresOfKinds : public ::testing::Test {
 protected:
  GlobalStoresOfKinds() {
    StreamsBuilder b;
    b.add_global_store(GlobalStore<Store>::describe(), "g",
                       [] { return std::make_unique<Fills<Store>>(); });
    b.stream<Text, Text>("in").process([] { return std::make_unique<Shows<Store>>(); }).to("out");
    driver.emplace(b.build());
    auto global = driver->input_topic<Text, Text>("g");
    global.pipe("k", "1", at(1s));
    global.pipe("k", "2", at(2s));
  }

  std::optional<testing::TopologyTestDriver> driver;
};
using Kinds = ::testing::Types<WindowStore<Text, Text>, SessionStore<Text, Text>,
                               VersionedKeyValueStore<Text, Text>>;
TYPED_TEST_SUITE(GlobalStoresOfKinds, Kinds);

TYPED_TEST(GlobalStoresOfKinds, AreReadByProcessorsThatAreNotConnected) {
  this->driver->template input_topic<Text, Text>("in").pipe("a", "show");

  const auto shown = this->driver->template output_topic<Text, Text>("out").read_values();
  const bool versions = std::is_same_v<TypeParam, VersionedKeyValueStore<Text, Text>>;
  EXPECT_THAT(shown, ::testing::ElementsAre(versions ? "12" : "11212"));
}

TYPED_TEST(GlobalStoresOfKinds, AreReadOnlyAndKeepTheirTime) {
  auto in = this->driver->template input_topic<Text, Text>("in");

  EXPECT_THAT(thrown<Error>([&] { in.pipe("a", "put"); }),
              HasSubstr("store \"gs\" is a global one"));

  // The put that was refused would have made the earlier ones too old.
  auto rows = this->driver->store("gs");
  EXPECT_GE(rows.size(), 1U);
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
