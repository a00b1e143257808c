#include "moldau/serde/string.h"

#include "golden/golden.h"
#include "serde/serde_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace moldau {
namespace {

class Fnv1a {
 public:
  void add(std::string_view text) {
    for (const char character : text) {
      digest_ = (digest_ ^ static_cast<unsigned char>(character)) * 0x100000001b3U;
    }
  }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  std::uint64_t digest_ = 0xcbf29ce484222325U;
};

// Adds what `prefix` and all longer sequences of up to four bytes are read as.
void add_all(std::string_view alphabet, const std::string& prefix, Fnv1a& digest) {
  digest.add(read_from<std::string>(Bytes{std::string_view{prefix}}));
  digest.add(std::string_view{"\0", 1});
  if (prefix.size() == 4) return;
  for (const char next : alphabet) add_all(alphabet, prefix + next, digest);
}

TEST(StringSerde, WritesTheBytesWithoutLengthOrEndMark) {
  EXPECT_EQ(written_hex(std::string{"h\u00e9"}), "68c3a9");
  EXPECT_EQ(written_hex(std::string{}), "");
}

TEST(StringSerde, ReadsValidTextUnchanged) {
  const std::string text = "eight+ letters, h\u00e9, \u4e2d, \U0001F600, \U0010FFFF, \uFFFE";

  EXPECT_EQ(read_from<std::string>(Bytes{std::string_view{text}}), text);
  EXPECT_EQ(read_hex<std::string>("610062"), (std::string{"a\0b", 3}));
  EXPECT_EQ(read_hex<std::string>(""), "");
}

TEST(StringSerde, OverwritesTheOldText) {
  EXPECT_EQ(read_from<std::string>(Bytes{std::string_view{"new"}}, "something old"), "new");
}

TEST(StringSerde, RepairsTheTabledTextsAsJavaDoes) {
  const nlohmann::json cases = read_golden("utf8.json")["cases"];

  for (const nlohmann::json& golden : cases) {
    const auto text = read_hex<std::string>(golden["bytes"].get<std::string>());

    EXPECT_EQ(to_hex(Bytes{std::string_view{text}}), golden["text"]) << golden["what"];
  }
}

TEST(StringSerde, RepairsEveryShortSequenceAsJavaDoes) {
  const nlohmann::json golden = read_golden("utf8.json");
  const ByteBuffer alphabet = from_hex(golden["alphabet"].get<std::string>());

  for (const char first : alphabet.bytes().text()) {
    Fnv1a digest;
    add_all(alphabet.bytes().text(), std::string(1, first), digest);

    const std::string name = to_hex(Bytes{&first, 1});
    EXPECT_EQ(digest.digest(), std::stoull(golden["digests"][name].get<std::string>(), nullptr, 16))
        << "sequences that begin with " << name;
  }
}

}  // namespace
}  // namespace moldau
