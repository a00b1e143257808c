#include "moldau/serde/protobuf.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "schema_registry/registry_server.h"
#include "schema_registry/serde_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <google/protobuf/util/message_differencer.h>
#include <shop/order.pb.h>
#include <shop/strict.pb.h>

#include <map>
#include <string>

namespace moldau {
namespace {

using google::protobuf::util::MessageDifferencer;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

shop::Order tea() {
  shop::Order order;
  order.set_item("tea");
  order.set_count(2);
  order.mutable_to()->set_street("Main Street");
  for (const char* box : {"a", "b", "c", "d", "e"}) (*order.mutable_weights())[box] = 1;
  return order;
}

TEST(ProtobufSerde, MessagesComeBack) {
  const auto serde = protobuf_serde<shop::Order>(make_memory_schema_registry(), orders());
  shop::Order old;
  old.add_colours(shop::RED);

  const shop::Order read = read_by(serde, written_by(serde, tea()).bytes(), old);

  EXPECT_TRUE(MessageDifferencer::Equals(read, tea()));
}

TEST(ProtobufSerde, EqualMessagesAreEqualBytes) {
  const auto serde = protobuf_serde<shop::Order>(make_memory_schema_registry(), orders());
  shop::Order other = tea();
  other.clear_weights();
  for (const char* box : {"e", "c", "a", "d", "b"}) (*other.mutable_weights())[box] = 1;

  EXPECT_EQ(to_hex(written_by(serde, tea())), to_hex(written_by(serde, other)));
}

TEST(ProtobufSerde, RegistersTheFilesItImportsBeforeItsOwn) {
  const auto registry = make_memory_schema_registry();

  static_cast<void>(written_by(protobuf_serde<shop::Order>(registry, orders()), shop::Order{}));

  const auto imported = registry->schema("shop/address.proto", SchemaVersion{1});
  EXPECT_EQ(imported->type, SchemaType::protobuf);
  EXPECT_THAT(imported->text, HasSubstr("message Address"));
  const auto own = registry->schema("orders-value", SchemaVersion{1});
  EXPECT_THAT(own->text, AllOf(HasSubstr("import \"shop/address.proto\""),
                               HasSubstr("import \"google/protobuf/timestamp.proto\"")));
  // What every registry has is no reference.
  EXPECT_THAT(own->references, ElementsAre(SchemaReference{
                                   "shop/address.proto", "shop/address.proto", SchemaVersion{1}}));
}

TEST(ProtobufSerde, AsksARegistryOverHttpOnce) {
  RegistryServer server;
  const auto serde = protobuf_serde<shop::Parcel::Stamp>(
      make_schema_registry({server.url()}),
      {.topic = "stamps", .naming = SubjectNaming::topic_record_name});

  for (int i = 0; i < 3; ++i) {
    static_cast<void>(read_by(serde, written_by(serde, shop::Parcel::Stamp{}).bytes()));
  }

  EXPECT_THAT(server.requests(), ElementsAre("POST /subjects/shop%2Faddress.proto/versions",
                                             "POST /subjects/shop%2Faddress.proto",
                                             "POST /subjects/stamps-shop.Parcel.Stamp/versions"));
}

TEST(ProtobufSerde, OnlyLooksUpWhatIsNotToBeRegistered) {
  const auto registry = make_memory_schema_registry();
  const auto serde =
      protobuf_serde<shop::Order>(registry, {.topic = "orders", .auto_register = false});

  EXPECT_THAT(
      failure_of<SchemaRegistryError>([&] { static_cast<void>(written_by(serde, shop::Order{})); }),
      HasSubstr("shop/address.proto"));
}

TEST(ProtobufSerde, ReadingAsksNothing) {
  RegistryServer server;
  const auto serde = protobuf_serde<shop::Address>(make_schema_registry({server.url()}), orders());

  EXPECT_EQ(read_by(serde, from_hex("0000000063"
                                    "00"
                                    "0a0178")
                               .bytes())
                .street(),
            "x");
  EXPECT_THAT(server.requests(), ElementsAre());
}

TEST(ProtobufSerde, RequiredFieldsMustBeThere) {
  const auto serde = protobuf_serde<shop::Strict>(make_memory_schema_registry(), orders());
  ByteBuffer out;

  EXPECT_THAT(failure_of<SerdeError>([&] { serde->serialize(shop::Strict{}, out); }),
              AllOf(HasSubstr("shop.Strict"), HasSubstr("name")));
  EXPECT_TRUE(out.empty());
  EXPECT_THAT(failure_of<SerdeError>(
                  [&] { static_cast<void>(read_by(serde, from_hex("0000000001001002").bytes())); }),
              AllOf(HasSubstr("shop.Strict"), HasSubstr("name")));
}

TEST(ProtobufSerde, BytesThatAreNoMessageAreRefusedWithoutShowingThem) {
  const auto serde = protobuf_serde<shop::Order>(make_memory_schema_registry(), orders());
  ByteBuffer bytes = written_by(serde, tea());
  bytes.resize(bytes.size() - 1);

  const std::string failure =
      failure_of<SerdeError>([&] { static_cast<void>(read_by(serde, bytes.bytes())); });

  EXPECT_THAT(failure, AllOf(HasSubstr("schema id 2"), HasSubstr("shop.Order")));
  EXPECT_THAT(failure, Not(HasSubstr("tea")));
}

TEST(ProtobufSerde, ARecordWithoutAFrameIsRefused) {
  const auto serde = protobuf_serde<shop::Order>(make_memory_schema_registry(), orders());

  EXPECT_THROW(static_cast<void>(read_by(serde, from_hex("0a0178").bytes())), SerdeError);
  EXPECT_THROW(static_cast<void>(read_by(serde, from_hex("0000000001").bytes())), SerdeError);
}

// The payload of Java's messages, behind the path that Java computes.
template <class M>
void check(const nlohmann::json& one) {
  const auto serde = protobuf_serde<M>(make_memory_schema_registry(), orders());
  const std::string payload = one["bytes"];
  M message;
  ASSERT_TRUE(message.ParseFromString(std::string{from_hex(payload).bytes().text()}));

  const std::string written = to_hex(written_by(serde, message));

  EXPECT_TRUE(written.ends_with(payload)) << written;
  EXPECT_TRUE(MessageDifferencer::Equals(read_by(serde, from_hex(written).bytes()), message));
}

TEST(ProtobufGolden, MessagesHaveTheBytesOfJava) {
  const std::map<std::string, void (*)(const nlohmann::json&)> checks = {
      {"shop.Order", check<shop::Order>},
      {"shop.Parcel", check<shop::Parcel>},
      {"shop.Parcel.Stamp", check<shop::Parcel::Stamp>},
      {"shop.Parcel.Stamp.Ink", check<shop::Parcel::Stamp::Ink>},
      {"shop.Parcel.Seal", check<shop::Parcel::Seal>},
      {"shop.Address", check<shop::Address>}};
  const nlohmann::json cases = read_golden("protobuf.json")["cases"];

  ASSERT_GE(cases.size(), 7U);
  for (const nlohmann::json& one : cases) {
    SCOPED_TRACE(one.dump());
    const std::string message = one["message"];
    ASSERT_TRUE(checks.contains(message));
    checks.at(message)(one);
  }
}

}  // namespace
}  // namespace moldau
