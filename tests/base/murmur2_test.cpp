#include "moldau/base/murmur2.h"

#include "golden/golden.h"
#include "golden/hex.h"

#include <gtest/gtest.h>

#include <string>

namespace moldau {

namespace {

TEST(Murmur2, HashesAndChoosesPartitionsAsJava) {
  const nlohmann::json golden = read_golden("murmur2.json");
  for (const auto& vector : golden["vectors"]) {
    const ByteBuffer key = from_hex(vector["key"].get<std::string>());

    EXPECT_EQ(static_cast<std::int32_t>(murmur2(key)), vector["murmur2_signed"].get<std::int32_t>())
        << vector["key"];
    for (const auto& [count, partition] : vector["partition_for"].items()) {
      EXPECT_EQ(partition_for_key(key, std::stoi(count)).value(), partition.get<std::int32_t>())
          << vector["key"] << " of " << count;
    }
  }
}

}  // namespace

}  // namespace moldau
