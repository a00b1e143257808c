#include "base/murmur3.h"

#include "golden/golden.h"
#include "golden/hex.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace moldau {
namespace {

std::string hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

TEST(Murmur3, HashesAsTheReference) {
  const nlohmann::json golden = read_golden("hash128.json");
  const auto seed = golden["seed"].get<std::uint32_t>();

  ASSERT_GE(golden["vectors"].size(), 18U);
  for (const nlohmann::json& vector : golden["vectors"]) {
    const Hash128 hash = murmur3_128(from_hex(vector["input"].get<std::string>()), seed);

    EXPECT_EQ(hex(hash.first), vector["h1"]) << vector["input"];
    EXPECT_EQ(hex(hash.second), vector["h2"]) << vector["input"];
  }
}

}  // namespace
}  // namespace moldau
