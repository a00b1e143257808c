// Complete records, as Confluent's own serialisers wrote them.

#include "moldau/serde/avro.h"
#include "moldau/serde/protobuf.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"

#include <gtest/gtest.h>

#include <shop/order.pb.h>

#include <map>

namespace moldau {
namespace {

// Has the ids of the golden records, and notes the subjects that it is asked for.
class GoldenRegistry final : public SchemaRegistry {
 public:
  SchemaId add(const std::string& subject, const SchemaDefinition& schema, Options) override {
    if (!subject.ends_with(".proto")) latest_subject = subject;
    schemas_[id] = std::make_shared<const SchemaDefinition>(schema);
    return id;
  }
  Registered find(const std::string&, const SchemaDefinition&, Options) override {
    return {id, SchemaVersion{1}};
  }
  std::shared_ptr<const SchemaDefinition> schema(SchemaId wanted) override {
    return schemas_.at(wanted);
  }
  std::shared_ptr<const SchemaDefinition> schema(const std::string&, SchemaVersion) override {
    return nullptr;
  }

  SchemaId id;
  std::string latest_subject;

 private:
  std::map<SchemaId, std::shared_ptr<const SchemaDefinition>> schemas_;
};

std::shared_ptr<GoldenRegistry> registry_for(const std::string& hex) {
  auto registry = std::make_shared<GoldenRegistry>();
  registry->id = SchemaId{std::stoi(hex.substr(2, 8), nullptr, 16)};
  return registry;
}

const std::map<std::string, SubjectNaming> namings = {
    {"topic_name", SubjectNaming::topic_name},
    {"record_name", SubjectNaming::record_name},
    {"topic_record_name", SubjectNaming::topic_record_name}};

shelf::Order order_of(const nlohmann::json& json) {
  shelf::Order order{json["item"], json["count"], {}};
  if (!json["note"].is_null()) order.note = json["note"].get<std::string>();
  return order;
}

TEST(RegistryRecords, AvroIsThatOfConfluentsSerializer) {
  const nlohmann::json golden = read_golden("registry_records.json");

  ASSERT_EQ(golden["avro"].size(), 8U);
  EXPECT_EQ(nlohmann::json::parse(avro_schema<shelf::Order>().text()), golden["avro_schema"]);
  for (const nlohmann::json& one : golden["avro"]) {
    SCOPED_TRACE(one.dump());
    const std::string bytes = one["bytes"];
    const shelf::Order order = order_of(one["value"]);
    const auto registry = registry_for(bytes);
    const auto serde = avro_serde<shelf::Order>(
        registry,
        {.topic = "orders", .is_key = one["is_key"], .naming = namings.at(one["naming"])});

    EXPECT_EQ(to_hex(written_by(serde, order)), bytes);
    EXPECT_EQ(registry->latest_subject, one["subject"]);
    EXPECT_EQ(read_by(serde, from_hex(bytes).bytes()), order);
  }
}

using WriteAgain = std::string (*)(const std::string& hex);

template <class M>
std::string written_again(const std::string& hex) {
  const auto serde = protobuf_serde<M>(registry_for(hex), orders());
  return to_hex(written_by(serde, read_by(serde, from_hex(hex).bytes())));
}

TEST(RegistryRecords, ProtobufIsThatOfConfluentsSerializer) {
  const std::map<std::string, WriteAgain> messages = {
      {"shop.Order", written_again<shop::Order>},
      {"shop.Parcel", written_again<shop::Parcel>},
      {"shop.Parcel.Stamp", written_again<shop::Parcel::Stamp>},
      {"shop.Parcel.Stamp.Ink", written_again<shop::Parcel::Stamp::Ink>},
      {"shop.Parcel.Seal", written_again<shop::Parcel::Seal>},
      {"shop.Address", written_again<shop::Address>}};
  const nlohmann::json golden = read_golden("registry_records.json")["protobuf"];

  ASSERT_EQ(golden.size(), 7U);
  for (const nlohmann::json& one : golden) {
    SCOPED_TRACE(one.dump());
    const std::string message = one["message"];
    const std::string bytes = one["bytes"];
    ASSERT_TRUE(messages.contains(message));
    EXPECT_EQ(messages.at(message)(bytes), bytes);
  }
}

}  // namespace
}  // namespace moldau
