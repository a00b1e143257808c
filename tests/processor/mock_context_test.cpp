#include "moldau/testing/mock_processor_context.h"

#include "processor/store_of_a_processor.h"

#include <stdexcept>

namespace moldau::test {
namespace {

using moldau::testing::MockFixedKeyProcessorContext;
using moldau::testing::MockProcessorContext;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Counts keys, and tells the counts each second.
class Counts final : public Processor<Text, Text, Text, std::int64_t> {
 public:
  void init(Context& context) override {
    store_ = context.key_value_store<Text, std::int64_t>("counts");
    context.schedule(1s, PunctuationType::wall_clock_time, [this, &context](Timestamp now) {
      for (const auto& [key, count] : store_.all()) context.forward(key, count, now);
      context.request_commit();
    });
  }
  void process(const Record<Text, Text>& record) override {
    if (record.value() == "bad") throw std::runtime_error("bad value");
    store_.put(record.key(), store_.get(record.key()).value_or(0) + 1);
    if (record.value() != "tell") return;
    Headers headers = record.headers();
    headers.add("from", context().record_metadata()->topic);
    const std::int64_t count = *store_.get(record.key());
    context().forward(record.with_value(count).with_headers(headers), "told");
  }

 private:
  KeyValueStore<Text, std::int64_t> store_;
};

using CountsContext = MockProcessorContext<Text, std::int64_t>;

class MockContexts : public ::testing::Test {
 protected:
  void SetUp() override {
    context.add_store(persistent_key_value_store<Text, std::int64_t>("counts", {.caching = true}));
    context.init(counts);
  }

  CountsContext context;
  Counts counts;
};

TEST_F(MockContexts, KeepWhatIsForwardedAndToWhom) {
  context.set_record_metadata("orders", PartitionId{2}, Offset{7});

  context.process(counts, {"a", "x", at(1ms)});
  EXPECT_THAT(context.forwarded(), IsEmpty());
  context.process(counts, {"a", "tell", at(2ms), Headers{{"h", std::nullopt}}});

  Headers headers{{"h", std::nullopt}};
  headers.add("from", "orders");
  EXPECT_THAT(context.take_forwarded(),
              ElementsAre(CountsContext::Forwarded{"a", 2, at(2ms), headers, "told"}));
  EXPECT_THAT(context.forwarded(), IsEmpty());
}

TEST_F(MockContexts, RunPunctuationsWhenTheyAreDue) {
  context.process(counts, {"a", "x", at(1ms)});

  context.advance_wall_clock_time(999ms);
  EXPECT_THAT(context.forwarded(), IsEmpty());
  context.advance_wall_clock_time(1ms);

  EXPECT_THAT(context.forwarded(),
              ElementsAre(CountsContext::Forwarded{"a", 1, at(1'000'000'001s), {}, std::nullopt}));
  EXPECT_TRUE(context.commit_requested());
  context.reset_commit_request();
  EXPECT_FALSE(context.commit_requested());
}

TEST_F(MockContexts, GiveTheTestTheStoresOfTheProcessor) {
  auto store = context.key_value_store<Text, std::int64_t>("counts");
  store.put("a", 41);

  context.process(counts, {"a", "x", at(1ms)});

  EXPECT_EQ(store.get("a"), 42);
}

TEST_F(MockContexts, LetThroughWhatTheProcessorThrows) {
  EXPECT_THAT(thrown<std::runtime_error>([&] {
                context.process(counts, {"a", "bad", at(1ms)});
              }),
              HasSubstr("bad value"));
}

TEST_F(MockContexts, ShowNullsAsNulls) {
  EXPECT_THROW(context.process(counts, {"a", std::nullopt, at(1ms)}), NullAccess);
}

TEST(MockContextsWithoutStores, SayWhatIsMissing) {
  CountsContext context{{.name = "counter"}};
  Counts counts;

  EXPECT_THAT(thrown<TopologyError>([&] { context.init(counts); }),
              HasSubstr("\"counter\" opens the store \"counts\", which the test has not added"));
  EXPECT_THAT(thrown<TopologyError>([&] { context.add_store("counts"); }),
              HasSubstr("added by its name alone"));
}

// Follows stream time, and what the context says.
class Clocked final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  void init(Context& context) override {
    context.schedule(10ms, PunctuationType::stream_time, [this](Timestamp) { ++ticks_; });
  }
  void process(const FixedKeyRecord<Text, Text>& record) override {
    context().metrics().rate_and_total("test", "clocked", "seen").record();
    context().forward(record.with_value(std::to_string(ticks_) + "@" +
                                        std::to_string(context().stream_time().milliseconds()) +
                                        " " + context().app_configs().at("who")));
  }

 private:
  int ticks_ = 0;
};

TEST(MockFixedKeyContexts, FollowStreamTimeAndTellTheSettings) {
  MockFixedKeyProcessorContext<Text, Text> context{{.app = {{"who", "me"}}}};
  Clocked clocked;
  context.init(clocked);

  context.process(clocked, {"a", "x", at(10ms)});
  context.process(clocked, {"b", "x", at(5ms)});

  const auto forwarded = context.take_forwarded();
  ASSERT_EQ(forwarded.size(), 2U);
  EXPECT_EQ(forwarded[0].value, "0@10 me");
  EXPECT_EQ(forwarded[1].key, "b");
  EXPECT_EQ(forwarded[1].value, "1@10 me");
  EXPECT_EQ(context.metric("seen-total"), 2);
}

}  // namespace
}  // namespace moldau::test
