#include "moldau/testing/mock_processor_context.h"

#include "docs/snippet.h"

#include <memory>

namespace moldau::test {
namespace {

using ProcessorApi = Snippet;

// [visits]
// Counts the visits of each user, and tells the counts every ten seconds of the wall clock.
class Visits : public Processor<std::string, std::string, std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    counts_ = context.key_value_store<std::string, std::int64_t>("visits");
    context.schedule(10s, PunctuationType::wall_clock_time, [this, &context](Timestamp now) {
      for (const auto& [user, count] : counts_.all()) context.forward(user, count, now);
    });
  }

  void process(const Record<std::string, std::string>& visit) override {
    counts_.put(visit.key(), counts_.get(visit.key()).value_or(0) + 1);
  }

 private:
  KeyValueStore<std::string, std::int64_t> counts_;
};
// [visits end]

TEST_F(ProcessorApi, AProcessorInAStream) {
  output<std::string, std::int64_t>("counts");
  // [visits stream]
  builder.stream<std::string, std::string>("visits")
      .process<Visits>(
          {.name = "count",
           .stores = {persistent_key_value_store<std::string, std::int64_t>("visits")}})
      .to("counts");
  // [visits stream end]

  expect(R"(
    visits ann / @1  ->  nothing
    visits ben / @2  ->  nothing
    visits ann / @3  ->  nothing
    wall +10         ->  counts ann 2 @1000000010, counts ben 1 @1000000010
  )");
}

TEST_F(ProcessorApi, AProcessorThatIsMadeByAFunction) {
  // [limit]
  class Limit : public FixedKeyProcessor<std::string, std::string, std::string> {
   public:
    explicit Limit(std::size_t longest) : longest_(longest) {}
    void process(const FixedKeyRecord<std::string, std::string>& record) override {
      if (record.value().size() <= longest_) context().forward(record);
    }

   private:
    std::size_t longest_;
  };

  builder.stream<std::string, std::string>("in")
      .process_values([] { return std::make_unique<Limit>(3); })
      .to("out");
  // [limit end]

  expect(R"(
    in a abc @1   ->  out a abc @1
    in a abcd @2  ->  nothing
  )");
}

// [last seen]
// Forwards a reading with what the sensor said before, unless it comes out of order.
class Changes : public FixedKeyProcessor<std::string, std::string, std::string> {
 public:
  void init(Context& context) override {
    last_ = context.timestamped_key_value_store<std::string, std::string>("last");
  }

  void process(const FixedKeyRecord<std::string, std::string>& reading) override {
    const auto before = last_.get(reading.key());
    if (before && before->timestamp > reading.timestamp()) return;
    last_.put(reading.key(), {reading.value(), reading.timestamp()});
    if (before) context().forward(reading.with_value(before->value + "->" + reading.value()));
  }

 private:
  TimestampedKeyValueStore<std::string, std::string> last_;
};
// [last seen end]

TEST_F(ProcessorApi, ATimestampedStore) {
  // [last seen stream]
  const UsedStore last = persistent_timestamped_key_value_store<std::string, std::string>(
      "last", {.caching = true, .changelog_config = {{"segment.ms", "3600000"}}});
  builder.stream<std::string, std::string>("readings")
      .process_values<Changes>({.stores = {last}})
      .to("changes");
  // [last seen stream end]

  expect(R"(
    readings s1 4 @1  ->  nothing
    readings s1 5 @3  ->  changes s1 4->5 @3
    readings s1 9 @2  ->  nothing
    readings s1 6 @4  ->  changes s1 5->6 @4
  )");
}

// [by hand]
// Sends small orders one way and large ones the other.
class Route : public Processor<std::string, std::int64_t, std::string, std::int64_t> {
 public:
  void process(const Record<std::string, std::int64_t>& order) override {
    context().forward(order, order.value() < 100 ? "small" : "large");
  }
};

Topology orders_by_size() {
  TopologyBuilder topology;
  topology.add_source<std::string, std::int64_t>("orders", {"orders"});
  topology.add_processor<Route>("route", {"orders"});
  topology.add_sink<std::string, std::int64_t>("small", "small-orders", {"route"});
  topology.add_sink<std::string, std::int64_t>("large", "large-orders", {"route"});
  return topology.build();
}
// [by hand end]

TEST_F(ProcessorApi, ATopologyByHand) {
  input<std::string, std::int64_t>("orders");
  output<std::string, std::int64_t>("small-orders");
  output<std::string, std::int64_t>("large-orders");

  expect(orders_by_size(), R"(
    orders ann 7 @1    ->  small-orders ann 7 @1
    orders ann 700 @2  ->  large-orders ann 700 @2
  )");
}

TEST(ProcessorApiAlone, AProcessorIsTestedByItself) {
  // [alone]
  moldau::testing::MockProcessorContext<std::string, std::int64_t> context;
  context.add_store(in_memory_key_value_store<std::string, std::int64_t>("visits"));
  Visits visits;
  context.init(visits);

  context.process(visits, {"ann", "/", Timestamp{1s}});
  context.process(visits, {"ann", "/about", Timestamp{2s}});
  context.advance_wall_clock_time(10s);

  ASSERT_EQ(context.forwarded().size(), 1U);
  EXPECT_EQ(context.forwarded()[0].key, "ann");
  EXPECT_EQ(context.forwarded()[0].value, 2);
  // [alone end]
}

}  // namespace
}  // namespace moldau::test
