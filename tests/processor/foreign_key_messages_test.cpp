#include "moldau/processor/foreign_key_messages.h"

#include "moldau/processor/subscription_rows.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "state/store_fixture.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace moldau::processor {
namespace {

using nlohmann::json;

template <class T>
std::string written_hex(const T& message) {
  ByteBuffer out;
  Serde<T>::serialize(message, out);
  return to_hex(out);
}

template <class T>
T read_hex(std::string_view hex) {
  T message;
  Serde<T>::deserialize(from_hex(hex), message);
  return message;
}

std::optional<RowHash> hash_of(const json& left_value) {
  if (left_value.is_null()) return std::nullopt;
  return hash_of_row(Bytes{left_value.get_ref<const std::string&>()});
}

SubscriptionInstruction instruction_of(const json& name) {
  static const std::map<std::string, SubscriptionInstruction> instructions = {
      {"DELETE_KEY_NO_PROPAGATE", SubscriptionInstruction::remove},
      {"DELETE_KEY_AND_PROPAGATE", SubscriptionInstruction::remove_and_answer},
      {"PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE", SubscriptionInstruction::answer},
      {"PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE", SubscriptionInstruction::answer_if_found}};
  return instructions.at(name);
}

TEST(SubscriptionSerde, WritesAndReadsBothVersionsAsTheReference) {
  const json vectors = read_golden("fk_join.json")["subscription_wrapper"];

  ASSERT_EQ(vectors.size(), 16U);
  for (const json& vector : vectors) {
    SCOPED_TRACE(vector.dump());
    const std::string bytes = vector["bytes"];
    Subscription subscription{
        .version = vector["version"].get<std::uint8_t>(),
        .instruction = instruction_of(vector["instruction"]),
        .hash = hash_of(vector["left_value_hashed"]),
        .primary_key = ByteBuffer{Bytes{vector["pk"].get_ref<const std::string&>()}}};
    if (!vector["primary_partition"].is_null()) {
      subscription.primary_partition = PartitionId{vector["primary_partition"].get<std::int32_t>()};
    }

    const auto read = read_hex<Subscription>(bytes);

    EXPECT_EQ(written_hex(subscription), bytes);
    EXPECT_EQ(read.version, subscription.version);
    EXPECT_EQ(read.instruction, subscription.instruction);
    EXPECT_EQ(read.hash, subscription.hash);
    EXPECT_EQ(read.primary_key, subscription.primary_key);
    EXPECT_EQ(read.primary_partition, subscription.primary_partition);
  }
}

TEST(SubscriptionSerde, AnEmptyPrimaryKeyIsAKey) {
  EXPECT_EQ(read_hex<Subscription>("810200000003").primary_key, ByteBuffer{});
  EXPECT_EQ(read_hex<Subscription>("8002").primary_key, ByteBuffer{});
}

TEST(SubscriptionSerde, RefusesWhatIsNoSubscription) {
  EXPECT_THROW(read_hex<Subscription>(""), SerdeError);
  EXPECT_THROW(read_hex<Subscription>("81"), SerdeError) << "no instruction";
  EXPECT_THROW(read_hex<Subscription>("810400000003"), SerdeError) << "unknown instruction";
  EXPECT_THROW(read_hex<Subscription>("8102000003"), SerdeError) << "half a partition";
  EXPECT_THROW(read_hex<Subscription>("0102133cc412"), SerdeError) << "part of a hash";
  EXPECT_THROW(read_hex<Subscription>("820200000003"), SerdeError) << "a later version";
}

std::string key_of_row(const json& foreign_key, const std::string& primary_key) {
  state::StoreBench bench;
  const auto store = bench.open({.name = "s",
                                 .type = StoreType::in_memory,
                                 .layout = state::ValueLayout::plain,
                                 .caching = false});
  SubscriptionRows rows;
  rows.open(*store);
  rows.start_foreign_key().append(Bytes{foreign_key.get_ref<const std::string&>()});

  rows.put({.primary_key = ByteBuffer{Bytes{std::string_view{primary_key}}}}, state::at(0));

  return to_hex(Bytes{std::string_view{bench.sink.sent.front().key}});
}

TEST(SubscriptionRows, LieUnderTheCombinedKeysOfTheReference) {
  const json vectors = read_golden("fk_join.json")["combined_key"];

  ASSERT_EQ(vectors.size(), 3U);
  for (const json& vector : vectors) {
    if (vector.contains("fk_prefix_only")) {
      EXPECT_EQ(key_of_row(vector["fk_prefix_only"], ""), vector["bytes"]);
    } else {
      EXPECT_EQ(key_of_row(vector["fk"], vector["pk"]), vector["bytes"]);
    }
  }
}

TEST(SubscriptionResponseSerde, WritesAndReadsAsTheReference) {
  const json vectors = read_golden("fk_join.json")["subscription_response_wrapper"];

  ASSERT_EQ(vectors.size(), 6U);
  for (const json& vector : vectors) {
    SCOPED_TRACE(vector.dump());
    const std::string bytes = vector["bytes"];
    SubscriptionResponse response{.hash = hash_of(vector["left_value_hashed"])};
    if (!vector["foreign_value"].is_null()) {
      response.found = true;
      response.foreign_value.assign(Bytes{vector["foreign_value"].get_ref<const std::string&>()});
    }

    const auto read = read_hex<SubscriptionResponse>(bytes);

    EXPECT_EQ(written_hex(response), bytes);
    EXPECT_EQ(read.hash, response.hash);
    EXPECT_EQ(read.found, !response.foreign_value.empty()) << "no bytes are read as no value";
    EXPECT_EQ(read.foreign_value, response.foreign_value);
  }
}

TEST(SubscriptionResponseSerde, RefusesWhatIsNoResponse) {
  EXPECT_THROW(read_hex<SubscriptionResponse>(""), SerdeError);
  EXPECT_THROW(read_hex<SubscriptionResponse>("00133cc412"), SerdeError) << "part of a hash";
  EXPECT_THROW(read_hex<SubscriptionResponse>("81"), SerdeError) << "a later version";
}

}  // namespace
}  // namespace moldau::processor
