// Changelog records of buffers, as the reference wrote them and as its older releases did.

#include "state/buffered_change_format.h"

#include "moldau/base/error.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "state/store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace moldau::state {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

std::optional<ByteBuffer> value_of(const nlohmann::json& text) {
  if (text.is_null()) return std::nullopt;
  return ByteBuffer{bytes(text.get_ref<const std::string&>())};
}

std::optional<Bytes> view(const std::optional<ByteBuffer>& buffer) {
  return buffer ? std::optional<Bytes>{*buffer} : std::nullopt;
}

// The context of every golden record.
RecordContext golden_context() {
  return {.timestamp = Timestamp{1000},
          .metadata = {.topic = "t", .partition = PartitionId{2}, .offset = Offset{7}}};
}

std::vector<nlohmann::json> golden_records() {
  std::vector<nlohmann::json> records;
  for (const nlohmann::json& value : read_golden("store_values.json")) {
    if (value["what"].get<std::string>().starts_with("suppress changelog")) {
      records.push_back(value);
    }
  }
  return records;
}

TEST(BufferedChangeFormat, IsThatOfTheReference) {
  for (const nlohmann::json& recorded : golden_records()) {
    const auto prior = value_of(recorded["prior"]);
    const auto old = value_of(recorded["old"]);
    const auto now = value_of(recorded["new"]);
    ByteBuffer out;

    append_buffered_change({.key = bytes("k"),
                            .time = Timestamp{recorded["buffer_time"].get<std::int64_t>()},
                            .prior = view(prior),
                            .before = view(old),
                            .now = view(now),
                            .context = golden_context()},
                           out);

    EXPECT_EQ(to_hex(out), recorded["bytes"].get<std::string>());
  }
}

// A record as a changelog of that form has it; form 0 has no header.
struct Written {
  explicit Written(int form, std::string_view hex) : value(from_hex(hex)) {
    if (form == 0) return;
    const auto byte = static_cast<std::byte>(form);
    headers.add("v", ByteBuffer{Bytes{&byte, 1}});
  }

  [[nodiscard]] RawRecord record() const {
    return {.key = bytes("k"),
            .value = value,
            .timestamp = Timestamp{77},
            .offset = Offset{5},
            .headers = &headers};
  }

  ByteBuffer value;
  Headers headers;
};

const std::string context_hex = "00000000000003e80000000000000007000000017400000002";
const std::string no_headers_hex = "00000000";
const std::string legacy_change_hex = "000000036f6c64000000036e6577";  // old, new
const std::string time_hex = "0000000000001388";

TEST(BufferedChangeFormat, IsReadAsItWasWritten) {
  for (const nlohmann::json& recorded : golden_records()) {
    const Written written{3, recorded["bytes"].get<std::string>()};
    ReadChange read;

    read_buffered_change(written.record(), read);

    const auto prior = value_of(recorded["prior"]);
    const auto old = value_of(recorded["old"]);
    const auto now = value_of(recorded["new"]);
    EXPECT_EQ(read.change.key, bytes("k"));
    EXPECT_EQ(read.change.time, Timestamp{5000});
    EXPECT_EQ(read.change.prior, view(prior));
    EXPECT_EQ(read.change.before, view(old));
    EXPECT_EQ(read.change.now, view(now));
    EXPECT_TRUE(read.prior_known);
    EXPECT_EQ(read.change.context.timestamp, Timestamp{1000});
    EXPECT_EQ(read.change.context.metadata.topic, "t");
    EXPECT_EQ(read.change.context.metadata.partition, PartitionId{2});
    EXPECT_EQ(read.change.context.metadata.offset, Offset{7});
  }
}

TEST(BufferedChangeFormat, TheFirstFormHasNoContext) {
  const Written written{0, time_hex + legacy_change_hex};
  ReadChange read;

  read_buffered_change(written.record(), read);

  EXPECT_EQ(read.change.time, Timestamp{5000});
  EXPECT_EQ(read.change.before, bytes("old"));
  EXPECT_EQ(read.change.now, bytes("new"));
  EXPECT_EQ(read.change.prior, bytes("old"));
  EXPECT_FALSE(read.prior_known);
  EXPECT_EQ(read.change.context.timestamp, Timestamp{77});
  EXPECT_EQ(read.change.context.metadata.offset, Offset{5});
}

TEST(BufferedChangeFormat, TheSecondFormHasTheTimeInFront) {
  const Written written{1,
                        time_hex + context_hex + no_headers_hex + "0000000e" + legacy_change_hex};
  ReadChange read;

  read_buffered_change(written.record(), read);

  EXPECT_EQ(read.change.time, Timestamp{5000});
  EXPECT_EQ(read.change.now, bytes("new"));
  EXPECT_EQ(read.change.context.metadata.topic, "t");
  EXPECT_FALSE(read.prior_known);
}

TEST(BufferedChangeFormat, TheThirdFormHasThePriorValueBehindTheChange) {
  const Written written{
      2, context_hex + no_headers_hex + "0000000e" + legacy_change_hex + "0000000170" + time_hex};
  ReadChange read;

  read_buffered_change(written.record(), read);

  EXPECT_EQ(read.change.time, Timestamp{5000});
  EXPECT_EQ(read.change.prior, bytes("p"));
  EXPECT_EQ(read.change.before, bytes("old"));
  EXPECT_EQ(read.change.now, bytes("new"));
  EXPECT_TRUE(read.prior_known);
}

TEST(BufferedChangeFormat, TheFourthFormIsAlsoFoundUnderTheNameOfTheThird) {
  const Written written{2, context_hex + no_headers_hex + "0000000170" + "000000036f6c64" +
                               "000000036e6577" + time_hex};
  ReadChange read;

  read_buffered_change(written.record(), read);

  EXPECT_EQ(read.change.prior, bytes("p"));
  EXPECT_EQ(read.change.now, bytes("new"));
}

TEST(BufferedChangeFormat, HeadersThatWereNotKeptAreNone) {
  const Written written{3, context_hex + "ffffffff" + "ffffffffffffffffffffffff" + time_hex};
  ReadChange read;

  read_buffered_change(written.record(), read);

  EXPECT_TRUE(read.headers.empty());
  EXPECT_EQ(read.change.now, std::nullopt);
}

void expect_refused(const Written& written, const std::string& why) {
  ReadChange read;
  EXPECT_THAT([&] { read_buffered_change(written.record(), read); },
              ThrowsMessage<SerdeError>(HasSubstr(why)));
}

TEST(BufferedChangeFormat, OtherBytesAreRefused) {
  expect_refused(Written{3, ""}, "the value ends early");
  expect_refused(Written{3, context_hex}, "the value ends early");
  expect_refused(Written{3, context_hex + "fffffffe"}, "-2 headers");
  expect_refused(
      Written{3, context_hex + no_headers_hex + "ffffffffffffffffffffffff" + time_hex + "00"},
      "goes on for 1 bytes");
  expect_refused(Written{3, context_hex + no_headers_hex + "fffffffd"}, "a part of -3 bytes");
  expect_refused(Written{9, time_hex}, "no release has written");
}

TEST(BufferedChangeFormat, ARowInAStoreHasNoOtherForm) {
  for (const nlohmann::json& recorded : golden_records()) {
    const ByteBuffer whole = from_hex(recorded["bytes"].get<std::string>());
    Headers headers{{"left from before", std::nullopt}};

    const BufferedChange read = read_buffered_row(whole, headers);

    const auto prior = value_of(recorded["prior"]);
    const auto now = value_of(recorded["new"]);
    EXPECT_EQ(read.prior, view(prior));
    EXPECT_EQ(read.now, view(now));
    EXPECT_EQ(read.context.metadata.topic, "t");
    EXPECT_EQ(read.context.headers, &headers);
    EXPECT_TRUE(headers.empty());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THROW(static_cast<void>(read_buffered_row(whole.bytes().first(size), headers)),
                   SerdeError)
          << size;
    }
  }
}

}  // namespace
}  // namespace moldau::state
