#include "runtime/offset_metadata.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace moldau::runtime {
namespace {

nlohmann::json golden() {
  std::ifstream file{std::string{MOLDAU_GOLDEN} + "/offset_metadata.json"};
  return nlohmann::json::parse(file);
}

TEST(OffsetMetadata, IsWrittenAsTheReferenceWritesIt) {
  const nlohmann::json vectors = golden();
  for (const auto& vector : vectors.at("encode")) {
    OffsetMetadata metadata{
        .partition_time = Timestamp{vector.at("partition_time").get<std::int64_t>()},
        .processor_metadata = {}};
    if (!vector.at("processor_metadata").is_null()) {
      vector.at("processor_metadata").get_to(metadata.processor_metadata);
    }

    EXPECT_EQ(encode(metadata), vector.at("metadata_string").get<std::string>());
    EXPECT_EQ(decode_offset_metadata(encode(metadata)), metadata);
  }
}

TEST(OffsetMetadata, ReadsBothVersionsAndTakesGarbageForNothing) {
  const nlohmann::json vectors = golden();
  for (const auto& vector : vectors.at("decode")) {
    const auto text = vector.at("metadata_string").get<std::string>();

    EXPECT_EQ(decode_offset_metadata(text).partition_time.milliseconds(),
              vector.at("partition_time").get<std::int64_t>())
        << text;
  }
}

TEST(OffsetMetadata, TellsGarbageFromEmpty) {
  bool understood = false;
  static_cast<void>(decode_offset_metadata("", &understood));
  EXPECT_TRUE(understood);

  static_cast<void>(decode_offset_metadata("not base64!", &understood));
  EXPECT_FALSE(understood);
}

TEST(OffsetMetadata, EveryTruncationIsReadWithoutHarm) {
  const std::string whole = encode({.partition_time = Timestamp{1'700'000'000'123},
                                    .processor_metadata = {{"store", 60'000}, {"other", 1}}});

  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NO_THROW(static_cast<void>(decode_offset_metadata(whole.substr(0, size))));
  }
}

}  // namespace
}  // namespace moldau::runtime
