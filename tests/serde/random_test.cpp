// Random values come back as they were; random bytes are read or refused, and nothing else happens.

#include "moldau/serde/builtin.h"
#include "moldau/serde/json.h"

#include "serde/serde_bytes.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace moldau {
namespace {

constexpr int rounds = 2000;

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  void fill(std::int16_t& value) { value = static_cast<std::int16_t>(engine_()); }
  void fill(std::int32_t& value) { value = static_cast<std::int32_t>(engine_()); }
  void fill(std::int64_t& value) { value = static_cast<std::int64_t>(engine_()); }
  void fill(double& value) { value = std::uniform_real_distribution<>{-1e300, 1e300}(engine_); }
  void fill(bool& value) { value = below(2) == 1; }
  void fill(Uuid& value) {
    for (std::uint8_t& byte : value.bytes) byte = static_cast<std::uint8_t>(engine_());
  }
  void fill(std::string& value) {
    value.clear();
    for (std::uint64_t i = below(40); i > 0; --i) append_character(value);
  }
  void fill(ByteBuffer& value) {
    value.clear();
    for (std::uint64_t i = below(40); i > 0; --i) value.append(static_cast<std::byte>(engine_()));
  }
  template <class T>
  void fill(std::optional<T>& value) {
    value.reset();
    if (below(3) != 0) fill(value.emplace());
  }
  template <class T>
  void fill(std::vector<T>& list) {
    list.clear();
    for (std::uint64_t i = below(6); i > 0; --i) {
      T element{};
      fill(element);
      list.push_back(std::move(element));
    }
  }

 private:
  void append_character(std::string& text) {
    static const std::vector<std::string> characters{
        "a", "Z", " ", "\u00e9", "\u4e2d", "\U0001F600", std::string(1, '\0')};
    text += characters[below(characters.size())];
  }

  std::mt19937_64 engine_;
};

template <class T>
class RoundTrip : public testing::Test {};

using Types =
    testing::Types<std::int16_t, std::int32_t, std::int64_t, double, bool, Uuid, std::string,
                   ByteBuffer, std::vector<std::int16_t>, std::vector<std::optional<std::int64_t>>,
                   std::vector<std::optional<Uuid>>, std::vector<std::string>,
                   std::vector<std::optional<std::string>>, std::vector<bool>,
                   std::vector<std::vector<std::optional<std::vector<std::string>>>>>;

TYPED_TEST_SUITE(RoundTrip, Types, );

TYPED_TEST(RoundTrip, GivesTheValueBack) {
  Generator generator{test_seed()};
  TypeParam value{};
  TypeParam reused{};  // filled again and again, as a source node does

  for (int i = 0; i < rounds; ++i) {
    generator.fill(value);
    const ByteBuffer bytes = written(value);
    Serde<TypeParam>::deserialize(bytes, reused);
    ASSERT_EQ(reused, value) << to_hex(bytes);
  }
}

TYPED_TEST(RoundTrip, DamagedBytesAreReadOrRefused) {
  Generator generator{test_seed()};
  TypeParam value{};

  for (int i = 0; i < rounds; ++i) {
    generator.fill(value);
    ByteBuffer bytes = written(value);
    for (std::uint64_t changes = generator.below(4); changes > 0 && !bytes.empty(); --changes) {
      bytes.data()[generator.below(bytes.size())] = static_cast<std::byte>(generator.below(256));
    }
    try {
      const ByteBuffer again = written(read_from<TypeParam>(bytes));
      // Compared as bytes: a NaN does not equal itself.
      ASSERT_EQ(to_hex(written(read_from<TypeParam>(again))), to_hex(again)) << to_hex(bytes);
    } catch (const SerdeError&) {
      continue;
    }
  }
}

TEST(RandomBytes, AreJsonOrRefused) {
  Generator generator{test_seed()};
  constexpr std::string_view alphabet = "[]{}\",:\\u0019-.eEtrufalsn \xC3\xA9\xFF";

  for (int i = 0; i < rounds; ++i) {
    std::string text;
    for (std::uint64_t size = generator.below(12); size > 0; --size) {
      text += alphabet[generator.below(alphabet.size())];
    }
    try {
      static_cast<void>(read_from<nlohmann::json>(Bytes{std::string_view{text}}));
    } catch (const SerdeError&) {
      continue;
    }
  }
}

}  // namespace
}  // namespace moldau
