#include "moldau/serde/numbers.h"
#include "moldau/serde/optional.h"
#include "moldau/serde/string.h"
#include "moldau/serde/void.h"

#include "serde/serde_bytes.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

namespace moldau {
namespace {

static_assert(NullableSerde<Void>);
static_assert(NullableSerde<std::optional<std::string>>);
static_assert(!NullableSerde<std::string>);
struct WithoutSerde {};
static_assert(!Serializable<std::optional<WithoutSerde>>);

TEST(VoidSerde, WritesAndReadsNull) {
  const AnySerde<Void> serde;
  ByteBuffer out;
  Void value;

  EXPECT_FALSE(serde.serialize(Void{}, out));
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(serde.deserialize(std::nullopt, value));
}

TEST(VoidSerde, RefusesBytesEvenNone) {
  EXPECT_EQ(read_failure<Void>(""), "Void: expected null, found 0 bytes");
  EXPECT_EQ(read_failure<Void>("0102"), "Void: expected null, found 2 bytes");
}

TEST(OptionalSerde, WritesNulloptAsNull) {
  const AnySerde<std::optional<std::int32_t>> serde;
  ByteBuffer out;

  EXPECT_FALSE(serde.serialize(std::nullopt, out));
  EXPECT_TRUE(out.empty());
  EXPECT_TRUE(serde.serialize(7, out));
  EXPECT_EQ(to_hex(out), "00000007");
}

TEST(OptionalSerde, ReadsNullAsNulloptAndBytesAsAValue) {
  const AnySerde<std::optional<std::string>> serde;
  std::optional<std::string> value = "old";

  EXPECT_TRUE(serde.deserialize(std::nullopt, value));
  EXPECT_EQ(value, std::nullopt);
  EXPECT_TRUE(serde.deserialize(std::optional<Bytes>{Bytes{}}, value));
  EXPECT_EQ(value, "");
}

TEST(AnySerde, SaysThatATypeHasNoValueForNull) {
  const AnySerde<std::int32_t> serde;
  std::int32_t value = 1;

  EXPECT_FALSE(serde.deserialize(std::nullopt, value));
  EXPECT_EQ(value, 1);
}

TEST(AnySerde, UsesTheInstanceItWasGiven) {
  class Negated final : public SerdeInstance<std::int32_t> {
   public:
    void serialize(const std::int32_t& value, ByteBuffer& out) const override {
      Serde<std::int32_t>::serialize(-value, out);
    }
    void deserialize(Bytes bytes, std::int32_t& value) const override {
      Serde<std::int32_t>::deserialize(bytes, value);
      value = -value;
    }
  };
  const AnySerde<std::int32_t> serde{std::make_shared<Negated>()};
  ByteBuffer out;
  std::int32_t value = 0;

  EXPECT_TRUE(serde.serialize(1, out));
  serde.deserialize(out.bytes(), value);

  EXPECT_FALSE(serde.is_default());
  EXPECT_EQ(to_hex(out), "ffffffff");
  EXPECT_EQ(value, 1);
}

TEST(AnySerde, RefusesATypeWithoutSerdeWhenBytesAreNeeded) {
  const AnySerde<WithoutSerde> serde;
  ByteBuffer out;

  EXPECT_TRUE(serde.missing());
  EXPECT_THROW(serde.serialize(WithoutSerde{}, out), SerdeError);
}

}  // namespace
}  // namespace moldau
