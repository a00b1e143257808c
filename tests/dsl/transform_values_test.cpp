// transform_values() of a table.

#include "dsl/table_fixture.h"

namespace moldau::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What happened to the transformers of a test.
struct Events {
  Texts calls;
  int made = 0;
  int closed = 0;
};

// Makes a row of all that it sees, but none of "none".
class ShowingTransformer final : public ValueTransformer<Text, Text, Text> {
 public:
  explicit ShowingTransformer(Events& events) : events_(events) {}

  void init(Context& context) override {
    static_cast<void>(context.task_id());
    ++events_.made;
  }
  std::optional<Text> transform(const FixedKeyRecord<Text, Text>& row) override {
    const Text value = shown(row.value_or_null());
    events_.calls.push_back(value);
    if (value == "none") return std::nullopt;
    const auto metadata = context().record_metadata();
    return row.key() + " " + value + " " + std::to_string(row.timestamp().milliseconds()) + " " +
           (metadata ? Text{metadata->topic} : "outside");
  }
  void close() override { ++events_.closed; }

 private:
  Events& events_;
};

class TransformValuesTest : public TableTest {
 protected:
  auto showing() {
    return [this] { return ShowingTransformer{events}; };
  }
  Texts take_calls() { return std::exchange(events.calls, {}); }

  Events events;
};

TEST_F(TransformValuesTest, SeesKeyValueTimeAndWhereTheRecordCameFrom) {
  start([&](StreamsBuilder& b) {
    b.table<Text, Text>("in").transform_values(showing()).to_stream().to("out");
  });

  EXPECT_THAT(pipe("a", "1", 5ms), ElementsAre("a=a 1 5 in@5"));
  EXPECT_EQ(events.made, 1);
}

TEST_F(TransformValuesTest, SeesDeletedRowsToo) {
  start([&](StreamsBuilder& b) {
    b.table<Text, Text>("in").transform_values(showing()).to_stream().to("out");
  });

  pipe("a", "1", 5ms);
  EXPECT_THAT(pipe("a", none, 6ms), ElementsAre("a=a - 6 in@6"));
}

TEST_F(TransformValuesTest, MayDeleteRows) {
  start([&](StreamsBuilder& b) {
    b.table<Text, Text>("in").transform_values(showing(), {.name = "rows"}).to_stream().to("out");
  });

  pipe("a", "1", 5ms);
  EXPECT_EQ((driver().get<Text, Text>("rows", "a")), "a 1 5 in");
  EXPECT_THAT(pipe("a", "none", 6ms), ElementsAre("a=-@6"));
  EXPECT_THAT(driver().store("rows"), IsEmpty());
}

TEST_F(TransformValuesTest, MakesTheOldRowAgainIfItIsNeededBelow) {
  start([&](StreamsBuilder& b) {
    b.table<Text, Text>("in")
        .transform_values(showing())
        .group_by([](const Text& row) {
          return KeyValue{row.substr(0, 3), row};
        })
        .count()
        .to_stream()
        .map_values(number_shown)
        .to("out");
  });

  EXPECT_THAT(pipe("a", "1", 5ms), ElementsAre("a -=-@5", "a 1=1@5"))
      << "what it makes of a row that never was is taken away";
  EXPECT_THAT(take_calls(), ElementsAre("1", "-"));
  EXPECT_THAT(pipe("a", "2", 6ms), ElementsAre("a 1=0@6", "a 2=1@6"));
  EXPECT_THAT(take_calls(), ElementsAre("2", "1"));
}

TEST_F(TransformValuesTest, ReadsTheOldRowFromItsStore) {
  start([&](StreamsBuilder& b) {
    b.table<Text, Text>("in")
        .transform_values(showing(), {.name = "rows"})
        .group_by([](const Text& row) {
          return KeyValue{row.substr(0, 3), row};
        })
        .count()
        .to_stream()
        .map_values(number_shown)
        .to("out");
  });

  EXPECT_THAT(pipe("a", "1", 5ms), ElementsAre("a 1=1@5"));
  EXPECT_THAT(pipe("a", "2", 6ms), ElementsAre("a 1=0@6", "a 2=1@6"));
  EXPECT_THAT(take_calls(), ElementsAre("1", "2"));
}

TEST_F(TransformValuesTest, MakesRowsThatAreLookedUpByAnotherTransformer) {
  start([&](StreamsBuilder& b) {
    const auto table = b.table<Text, Text>("in").transform_values(showing());
    b.stream<Text, Text>("s").left_join(table, left_and_maybe).to("out");
  });
  pipe("a", "1", 5ms);
  EXPECT_EQ(events.made, 1);

  EXPECT_THAT(JoinTest::pipe("s", "a", "x", 9ms), ElementsAre("a=x|a 1 5 @9"))
      << "the time of the row, and nobody knows where it came from";
  EXPECT_THAT(JoinTest::pipe("s", "b", "y", 9ms), ElementsAre("b=y|b - -1 @9"))
      << "a row that never was";
  EXPECT_EQ(events.made, 2);
}

TEST_F(TransformValuesTest, ReadsRowsThatAreLookedUpFromItsStore) {
  start([&](StreamsBuilder& b) {
    const auto table = b.table<Text, Text>("in").transform_values(showing(), {.name = "rows"});
    b.stream<Text, Text>("s").left_join(table, left_and_maybe).to("out");
  });
  pipe("a", "1", 5ms);

  EXPECT_THAT(JoinTest::pipe("s", "a", "x", 9ms), ElementsAre("a=x|a 1 5 in@9"));
  EXPECT_THAT(JoinTest::pipe("s", "b", "y", 9ms), ElementsAre("b=y|-@9"));
  EXPECT_EQ(events.made, 1);
}

TEST_F(TransformValuesTest, ClosesItsTransformers) {
  start([&](StreamsBuilder& b) {
    const auto table = b.table<Text, Text>("in").transform_values(showing());
    b.stream<Text, Text>("s").left_join(table, left_and_maybe).to("out");
  });
  JoinTest::pipe("s", "a", "x", 9ms);
  ASSERT_EQ(events.made, 2);

  start([](StreamsBuilder& b) { b.stream<Text, Text>("in").to("out"); });

  EXPECT_EQ(events.closed, 2);
}

// Numbers the changes of each row.
class NumberingTransformer final : public ValueTransformer<Text, Text, Text> {
 public:
  void init(Context& context) override {
    numbers_ = context.key_value_store<Text, Text>("numbers");
  }
  std::optional<Text> transform(const FixedKeyRecord<Text, Text>& row) override {
    const Text number = numbers_.get(row.key()).value_or("") + "+";
    numbers_.put(row.key(), number);
    return shown(row.value_or_null()) + number;
  }

 private:
  KeyValueStore<Text, Text> numbers_;
};

TEST_F(TransformValuesTest, UsesStoresThatItDescribesOrNames) {
  start([](StreamsBuilder& b) {
    const auto table = b.table<Text, Text>("in");
    table
        .transform_values(
            [] { return NumberingTransformer{}; },
            ProcessOptions{.stores = {persistent_key_value_store<Text, Text>("numbers")}})
        .to_stream()
        .to("out");
    table
        .transform_values([] { return NumberingTransformer{}; }, {.name = "rows"},
                          {.name = "second", .stores = {"numbers"}})
        .to_stream()
        .to("out");
  });

  EXPECT_THAT(pipe("a", "1", 5ms), ElementsAre("a=1+@5", "a=1++@5"));
  EXPECT_THAT(pipe("b", none, 6ms), ElementsAre("b=-+@6", "b=-++@6"));
  EXPECT_EQ((driver().get<Text, Text>("numbers", "a")), "++");
  EXPECT_EQ((driver().get<Text, Text>("rows", "a")), "1++");
}

TEST_F(TransformValuesTest, IsRefusedAStoreThatIsNotConnected) {
  try {
    start([](StreamsBuilder& b) {
      b.add_state_store(persistent_key_value_store<Text, Text>("numbers"));
      static_cast<void>(b.table<Text, Text>("in").transform_values(
          [] { return NumberingTransformer{}; }, ProcessOptions{.name = "tv"}));
    });
    FAIL() << "a store was opened that is not connected";
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("\"tv\""), HasSubstr("\"numbers\"")));
  }
}

TEST_F(TransformValuesTest, ASupplierThatGivesNothingIsNamed) {
  try {
    start([](StreamsBuilder& b) {
      static_cast<void>(b.table<Text, Text>("in").transform_values(
          [] { return std::unique_ptr<ShowingTransformer>{}; }, ProcessOptions{.name = "tv"}));
    });
    FAIL() << "a task without a transformer was made";
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"tv\""));
  }
}

}  // namespace
}  // namespace moldau::test
