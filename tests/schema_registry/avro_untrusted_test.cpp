// Bytes that no honest writer wrote.

#include "moldau/serde/avro.h"

#include "golden/hex.h"
#include "schema_registry/serde_calls.h"
#include "schema_registry/shelf.h"
#include "test_seed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace moldau {
namespace {

using shelf::Everything;
using shelf::Order;
using shelf::Tree;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

template <class T>
std::shared_ptr<const SerdeInstance<T>> serde_of() {
  return avro_serde<T>(make_memory_schema_registry(), orders());
}

// Reads this payload as if T's own schema had written it.
template <class T>
std::string failure_of_payload(const std::string& hex) {
  const auto serde = serde_of<T>();
  static_cast<void>(written_by(serde, T{}));  // so that its schema has id 1
  return failure_of<SerdeError>(
      [&] { static_cast<void>(read_by(serde, from_hex("0000000001" + hex).bytes())); });
}

Everything filled() {
  Everything all;
  all.text = "text";
  all.back = shelf::Address{"b", 1};
  all.stops = {{"a", 1}, {"b", 2}};
  all.weights = {{"box", 3}};
  all.either = "x";
  return all;
}

TEST(UntrustedAvro, EveryTruncationIsRefused) {
  const auto serde = serde_of<Everything>();
  const ByteBuffer whole = written_by(serde, filled());

  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(static_cast<void>(read_by(serde, whole.bytes().first(size))), SerdeError) << size;
  }
}

TEST(UntrustedAvro, AnyChangeOfAByteIsReadOrRefused) {
  const auto registry = make_memory_schema_registry();
  const auto serde = avro_serde<Everything>(registry, orders());
  const auto generic = avro_serde<GenericAvro>(registry, orders());
  std::mt19937_64 random{test_seed()};

  for (int i = 0; i < 20'000; ++i) {
    ByteBuffer bytes = written_by(serde, filled());
    for (int changes = 0; changes < 3; ++changes) {
      bytes.data()[5 + random() % (bytes.size() - 5)] = static_cast<std::byte>(random());
    }
    try {
      static_cast<void>(read_by(serde, bytes.bytes()));
    } catch (const SerdeError&) {  // any other exception, and a sanitizer's word, is a failure
    }
    try {
      static_cast<void>(read_by(generic, bytes.bytes()));
    } catch (const SerdeError&) {
    }
  }
}

TEST(UntrustedAvro, NoMemoryIsTakenForALengthThatIsNotThere) {
  // 2^62 bytes of text, and as many elements, also in a block that names its size.
  EXPECT_THAT(failure_of_payload<std::string>("80808080808080808001"), HasSubstr("length"));
  EXPECT_THAT(failure_of_payload<std::vector<std::string>>("80808080808080808001"),
              HasSubstr("block"));
  EXPECT_THAT(failure_of_payload<std::vector<std::string>>("ffffffffffffffffff0102"),
              HasSubstr("block"));
  EXPECT_THAT((failure_of_payload<std::map<std::string, bool>>("80808080808080808001")),
              HasSubstr("block"));
  EXPECT_THAT(failure_of_payload<std::vector<std::monostate>>("80808080808080808001"),
              HasSubstr("block"));
}

TEST(UntrustedAvro, ElementsWithoutBytesHaveALimit) {
  const auto serde = serde_of<std::vector<std::monostate>>();
  const std::vector<std::monostate> many(65'536);

  EXPECT_EQ(read_by(serde, written_by(serde, many).bytes()).size(), many.size());
  // Two blocks of 40,000.
  EXPECT_THAT(failure_of_payload<std::vector<std::monostate>>("80f10480f10400"),
              HasSubstr("block"));
}

TEST(UntrustedAvro, NestingHasAnEnd) {
  // A Tree with one child, which has one child ...
  std::string hex;
  for (int i = 0; i < 100'000; ++i) hex += "0002";

  EXPECT_THAT(failure_of_payload<Tree>(hex), HasSubstr("nesting"));
}

TEST(UntrustedAvro, NumbersAreOfTheirSize) {
  EXPECT_THAT(failure_of_payload<std::int32_t>("8080808020"), HasSubstr("32 bits"));
  EXPECT_THAT(failure_of_payload<std::int64_t>("ffffffffffffffffff02"), HasSubstr("64 bits"));
  EXPECT_THAT(failure_of_payload<std::int64_t>("ffffffffffffffffffff01"), HasSubstr("64 bits"));
  EXPECT_THAT(failure_of_payload<bool>("02"), HasSubstr("0 or 1"));
}

TEST(UntrustedAvro, IndexesAreOfTheirType) {
  EXPECT_THAT(failure_of_payload<std::optional<bool>>("04"), HasSubstr("no branch 2"));
  EXPECT_THAT(failure_of_payload<std::optional<bool>>("01"), HasSubstr("no branch -1"));
  EXPECT_THAT(failure_of_payload<shelf::Colour>("06"), HasSubstr("no symbol number 3"));
  EXPECT_THAT(failure_of_payload<shelf::Colour>("01"), HasSubstr("no symbol number -1"));
}

TEST(UntrustedAvro, MessagesNameTheSchemaAndNotTheContents) {
  const auto serde = serde_of<Order>();
  ByteBuffer bytes = written_by(serde, Order{"secret", 1, {}});
  bytes.resize(bytes.size() - 1);

  const std::string failure =
      failure_of<SerdeError>([&] { static_cast<void>(read_by(serde, bytes.bytes())); });

  EXPECT_THAT(failure, AllOf(HasSubstr("schema id 1"), HasSubstr("byte 8")));
  EXPECT_THAT(failure, testing::Not(HasSubstr("secret")));
}

TEST(UntrustedAvro, ARecordWithoutAFrameIsRefused) {
  const auto serde = serde_of<Order>();

  EXPECT_THAT(failure_of<SerdeError>([&] {
                static_cast<void>(read_by(serde, Bytes{std::string_view{"{\"item\":1}"}}));
              }),
              HasSubstr("found 123"));
  EXPECT_THAT(failure_of<SerdeError>(
                  [&] { static_cast<void>(read_by(serde, Bytes{std::string_view{""}})); }),
              HasSubstr("found 0 bytes"));
}

}  // namespace
}  // namespace moldau
