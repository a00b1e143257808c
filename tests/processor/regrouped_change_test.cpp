// Changes of regrouped tables as the reference's own serde wrote and read them.

#include "moldau/processor/regrouped_change.h"

#include "moldau/serde/builtin.h"

#include "golden/golden.h"
#include "golden/hex.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace moldau::processor {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using TextChange = RegroupedChange<std::string>;

const RegroupedChangeSerde<std::string> serde{AnySerde<std::string>{}};

TextChange change_of(const nlohmann::json& recorded) {
  TextChange change;
  change.has_now = !recorded["new"].is_null();
  change.has_before = !recorded["old"].is_null();
  if (change.has_now) change.now = recorded["new"];
  if (change.has_before) change.before = recorded["old"];
  return change;
}

TEST(RegroupedChange, IsWrittenAsByTheReference) {
  const nlohmann::json golden = read_golden("change.json");
  for (const nlohmann::json& recorded : golden.at("serialize")) {
    ByteBuffer out{Bytes{std::string_view{"before"}}};

    serde.serialize(change_of(recorded), out);

    EXPECT_EQ(to_hex(out.bytes().without_first(6)), recorded["bytes"].get<std::string>());
  }
}

TEST(RegroupedChange, IsReadInEveryFormOfTheReference) {
  const nlohmann::json golden = read_golden("change.json");
  for (const nlohmann::json& recorded : golden.at("deserialize")) {
    const ByteBuffer bytes = from_hex(recorded["bytes"].get<std::string>());
    TextChange read;
    read.now = "old content";

    serde.deserialize(bytes, read);

    const TextChange expected = change_of(recorded);
    EXPECT_EQ(read.has_now, expected.has_now) << recorded;
    EXPECT_EQ(read.has_before, expected.has_before) << recorded;
    if (expected.has_now) {
      EXPECT_EQ(read.now, expected.now) << recorded;
    }
    if (expected.has_before) {
      EXPECT_EQ(read.before, expected.before) << recorded;
    }
  }
}

void expect_refused(std::string_view hex, const std::string& why) {
  EXPECT_THAT([&] { static_cast<void>(parse_regrouped(from_hex(hex))); },
              ThrowsMessage<SerdeError>(HasSubstr(why)))
      << hex;
}

TEST(RegroupedChange, OtherBytesAreRefused) {
  expect_refused("", "there are none");
  expect_refused("6106", "the last one is 6");
  expect_refused("03", "there is only one");
  expect_refused("610203", "the byte before the last one is 2");
  expect_refused("02", "cut off");
  expect_refused("808002", "cut off");
  expect_refused("086102", "4 bytes, but there are only 1");
  expect_refused("0102", "-1 bytes");
}

}  // namespace
}  // namespace moldau::processor
