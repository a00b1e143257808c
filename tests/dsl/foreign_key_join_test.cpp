// Joins of tables on a foreign key. The first tests are traces of the reference.

#include "moldau/topology/subscription.h"

#include "dsl/table_join_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The first letter; "n" stands for no foreign key.
const auto first_letter = [](const Text& v) -> std::optional<Text> {
  if (v.starts_with("n")) return std::nullopt;
  return v.substr(0, 1);
};

class Inner : public ::testing::Test {
 protected:
  JoinOfTables join_{[](const TextTable& l, const TextTable& r) {
    return l.join(r, first_letter, both, {.name = "fk"});
  }};
};

class Left : public ::testing::Test {
 protected:
  JoinOfTables join_{[](const TextTable& l, const TextTable& r) {
    return l.left_join(r, first_letter, left_and_maybe_right, {.name = "fk"});
  }};
};

TEST_F(Inner, FollowsBothTables) {
  EXPECT_THAT(join_.left("k1", "x1", 3), IsEmpty());
  EXPECT_THAT(join_.right("x", "X1", 5), ElementsAre("k1=x1|X1 @5"));
  EXPECT_THAT(join_.left("k1", "x2", 4), ElementsAre("k1=x2|X1 @5"));
  EXPECT_THAT(join_.left("k1", "y1", 6), ElementsAre("k1=null @6"));
  EXPECT_THAT(join_.right("y", "Y1", 2), ElementsAre("k1=y1|Y1 @2"));
  EXPECT_THAT(join_.left("k1", "n", 8), ElementsAre("k1=null @8"));
  EXPECT_THAT(join_.left("k1", "y3", 9), ElementsAre("k1=y3|Y1 @9"));
  EXPECT_THAT(join_.left("k1", std::nullopt, 10), ElementsAre("k1=null @10"));
  EXPECT_THAT(join_.left("k1", std::nullopt, 11), IsEmpty());
  EXPECT_THAT(join_.left("k2", "x9", 12), ElementsAre("k2=x9|X1 @12"));
  EXPECT_THAT(join_.right("x", std::nullopt, 13), ElementsAre("k2=null @13"));
  EXPECT_THAT(join_.right("x", "X2", 7), ElementsAre("k2=x9|X2 @7"));
}

TEST_F(Left, FollowsBothTables) {
  EXPECT_THAT(join_.left("k1", "x1", 3), ElementsAre("k1=x1|- @3"));
  EXPECT_THAT(join_.right("x", "X1", 5), ElementsAre("k1=x1|X1 @5"));
  EXPECT_THAT(join_.left("k1", "x2", 4), ElementsAre("k1=x2|X1 @5"));
  EXPECT_THAT(join_.left("k1", "y1", 6), ElementsAre("k1=y1|- @6"));
  EXPECT_THAT(join_.right("y", "Y1", 2), ElementsAre("k1=y1|Y1 @2"));
  EXPECT_THAT(join_.left("k1", "n", 8), ElementsAre("k1=n|- @8"));
  EXPECT_THAT(join_.left("k1", "y3", 9), ElementsAre("k1=y3|Y1 @9"));
  EXPECT_THAT(join_.left("k1", std::nullopt, 10), ElementsAre("k1=null @10"));
  EXPECT_THAT(join_.left("k1", std::nullopt, 11), IsEmpty());
  EXPECT_THAT(join_.left("k2", "x9", 12), ElementsAre("k2=x9|X1 @12"));
  EXPECT_THAT(join_.right("x", std::nullopt, 13), ElementsAre("k2=x9|- @13"));
  EXPECT_THAT(join_.right("x", "X2", 7), ElementsAre("k2=x9|X2 @7"));
}

TEST_F(Inner, AForeignRowChangesAllRowsThatReferToItInTheOrderOfTheirKeys) {
  join_.left("b", "x1", 1);
  join_.left("a", "x2", 2);
  join_.left("c", "y1", 3);

  EXPECT_THAT(join_.right("x", "X", 4), ElementsAre("a=x2|X @4", "b=x1|X @4"));
}

TEST_F(Inner, AForeignKeyThatBeginsAsAnotherOneIsAnotherOne) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) {
    return l.join(
        r, [](const Text& v) { return v; }, both);
  }};
  join.left("a", "x", 1);
  join.left("b", "xx", 2);
  join.left("c", "", 3);

  EXPECT_THAT(join.right("x", "X", 4), ElementsAre("a=x|X @4"));
  EXPECT_THAT(join.right("", "E", 5), ElementsAre("c=|E @5"));
}

TEST_F(Inner, ARowWithoutAForeignKeyIsCountedAsDropped) {
  join_.left("a", "n", 1);

  EXPECT_EQ(join_.driver().metric("dropped-records-total"), 1);
}

TEST_F(Left, ARowWithoutAForeignKeyIsNotDropped) {
  join_.left("a", "n", 1);

  EXPECT_EQ(join_.driver().metric("dropped-records-total"), 0);
}

TEST_F(Inner, AnAnswerToAnOlderRowIsDropped) {
  join_.left("a", "x1", 1);
  const auto sent = join_.driver().take_sent();
  const auto subscription = std::ranges::find(sent, "app-fk-subscription-registration-topic",
                                              &testing::RawTestRecord::topic);
  ASSERT_NE(subscription, sent.end());
  join_.right("x", "X", 2);
  join_.left("a", "x2", 3);

  join_.driver().pipe(*subscription);

  EXPECT_TRUE((join_.driver().output_topic<Text, Text>("out").empty()));
  EXPECT_EQ(join_.driver().metric("dropped-records-total"), 1);
}

TEST_F(Inner, HeadersGoAllTheWayAndIntoTheStoreOfSubscriptions) {
  join_.right("x", "X", 1);
  static_cast<void>(join_.driver().take_sent());

  join_.driver().pipe({"l", ByteBuffer{Bytes{"a"}}, ByteBuffer{Bytes{"x1"}}, Timestamp{2},
                       Headers{{"h", ByteBuffer{Bytes{"1"}}}}});

  std::map<std::string, std::size_t> headers;
  for (const auto& record : join_.driver().take_sent())
    headers[record.topic] = record.headers.size();
  EXPECT_EQ(headers.at("app-fk-subscription-registration-topic"), 1U);
  EXPECT_EQ(headers.at("app-fk-subscription-store-changelog"), 1U);
  EXPECT_EQ(headers.at("app-fk-subscription-response-topic"), 1U);
  EXPECT_EQ(headers.at("out"), 1U);
  EXPECT_EQ(headers.at("app-left-changelog"), 0U);
}

TEST_F(Inner, ASubscriptionOfAnOldReleaseIsAnsweredAndKeptAsItIs) {
  join_.right("x", "X", 1);
  join_.left("a", "x1", 2);
  ByteBuffer old;
  const processor::Subscription subscription{
      .version = 0,
      .instruction = processor::SubscriptionInstruction::answer,
      .hash = processor::hash_of_row(Bytes{"x1"}),
      .primary_key = ByteBuffer{Bytes{"a"}}};
  Serde<processor::Subscription>::serialize(subscription, old);

  join_.driver().pipe({"app-fk-subscription-registration-topic", ByteBuffer{Bytes{"x"}}, old,
                       Timestamp{3}, Headers{}});

  EXPECT_EQ((join_.driver().output_topic<Text, Text>("out").read_values()),
            (std::vector<std::optional<Text>>{"x1|X"}));
  EXPECT_EQ(join_.driver().store("fk-subscription-store").at(0).value, old);
}

TEST_F(Inner, KeepsNoSubscriptionsOfRowsThatAreGone) {
  join_.left("a", "x1", 1);
  join_.left("a", "y1", 2);
  EXPECT_EQ(join_.driver().store("fk-subscription-store").size(), 1U);

  join_.left("a", std::nullopt, 3);

  EXPECT_THAT(join_.driver().store("fk-subscription-store"), IsEmpty());
}

TEST(ForeignKeyJoin, ExtractsFromKeyAndValue) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) {
    return l.join(
        r, [](const Text& k, const Text& v) { return k + v; }, both);
  }};
  join.right("ab", "AB", 1);

  EXPECT_THAT(join.left("a", "b", 2), ElementsAre("a=b|AB @2"));
}

TEST(ForeignKeyJoin, TypesOfKeysAndRowsMayDiffer) {
  StreamsBuilder builder;
  const auto orders = builder.table<std::int64_t, Text>("orders");
  const auto customers = builder.table<Text, double>("customers");
  orders
      .join(
          customers, [](const Text& customer) { return customer; },
          [](const Text& customer, double limit) { return customer + std::to_string(int(limit)); })
      .to_stream()
      .to("out");
  testing::TopologyTestDriver driver{builder.build()};

  driver.input_topic<Text, double>("customers").pipe("c", 7.0);
  driver.input_topic<std::int64_t, Text>("orders").pipe(12, "c");

  EXPECT_EQ((driver.output_topic<std::int64_t, Text>("out").read_values()),
            (std::vector<std::optional<Text>>{"c7"}));
}

TEST(ForeignKeyJoin, ItsTopicsArePartitionedAsTheTablesTheyLeadTo) {
  StreamsBuilder builder;
  const TextTable left = builder.table<Text, Text>("l");
  left.join(builder.table<Text, Text>("r"), first_letter, both, {.name = "fk"});
  const Topology topology = builder.build();

  const auto parts = topology::make_subscription(topology.plan(), "app").subtopologies;

  ASSERT_EQ(parts.size(), 2U);
  EXPECT_THAT(parts[0].copartition_groups.at(0).source_topics, ElementsAre("l"));
  EXPECT_THAT(parts[0].copartition_groups.at(0).repartition_topics,
              ElementsAre("app-fk-subscription-response-topic"));
  EXPECT_THAT(parts[1].copartition_groups.at(0).source_topics, ElementsAre("r"));
  EXPECT_THAT(parts[1].copartition_groups.at(0).repartition_topics,
              ElementsAre("app-fk-subscription-registration-topic"));
}

TEST(ForeignKeyJoin, ItsPartitionersChooseExactlyOnePartition) {
  JoinOfTables join{[](const TextTable& l, const TextTable& r) {
    return l.join(r, first_letter, both,
                  {.name = "fk",
                   .partitioner = nullptr,
                   .other_partitioner = [](const Record<Text, Void>& record, std::string_view,
                                           std::int32_t) -> Partitioning {
                     if (record.key() == "x") return PartitionId{0};
                     return Partitioning::to_each({PartitionId{0}, PartitionId{0}});
                   }});
  }};
  join.right("x", "X", 1);

  EXPECT_THAT(join.left("a", "x1", 2), ElementsAre("a=x1|X @2"));
  EXPECT_THROW(join.left("b", "y1", 3), StreamsError);
}

TEST(ForeignKeyJoin, AMissingSerdeIsNamedWhenTheTopologyIsBuilt) {
  struct Opaque {
    Text text;
  };
  StreamsBuilder builder;
  const auto left =
      builder.table<Text, Text>("l", {}, {.name = "left"}).map_values([](const Text& v) {
        return Opaque{v};
      });
  left.join(
      builder.table<Text, Text>("r"), [](const Opaque& v) { return v.text; },
      [](const Opaque&, const Text& r) { return r; }, {.name = "fk"});

  try {
    static_cast<void>(builder.build());
    FAIL() << "rows of the left table cannot be hashed";
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), HasSubstr("fk-subscription-registration-sink"));
    EXPECT_THAT(error.what(), HasSubstr("Opaque"));
  }
}

}  // namespace
}  // namespace moldau::test
