#include "state/buffered_record.h"

#include "moldau/base/error.h"

#include "golden/hex.h"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace moldau::state {
namespace {

using Value = std::optional<std::string_view>;

// Written by the reference, for a record at 1000 from topic t, partition 2, offset 7.
struct Recorded {
  Value prior;
  Value old;
  Value now;
  std::string_view bytes;

  friend std::ostream& operator<<(std::ostream& out, const Recorded& recorded) {
    return out << recorded.bytes;
  }
};

constexpr Recorded all_recorded[] = {
    {std::nullopt, std::nullopt, "new",
     "00000000000003e8000000000000000700000001740000000200000000ffffffffffffffff000000036e6577"
     "0000000000001388"},
    {"p", "old", "new",
     "00000000000003e80000000000000007000000017400000002000000000000000170000000036f6c64"
     "000000036e65770000000000001388"},
    {"old", "old", "new",
     "00000000000003e8000000000000000700000001740000000200000000000000036f6c64fffffffe"
     "000000036e65770000000000001388"},
    {"old", "old", std::nullopt,
     "00000000000003e8000000000000000700000001740000000200000000000000036f6c64fffffffeffffffff"
     "0000000000001388"},
};

std::optional<Bytes> bytes_of(const Value& value) {
  return value ? std::optional{Bytes{*value}} : std::nullopt;
}

class BufferedRecords : public ::testing::TestWithParam<Recorded> {};

TEST_P(BufferedRecords, AreWrittenAsByTheReference) {
  ByteBuffer out;

  write_buffered_record(
      {.timestamp = Timestamp{1000},
       .metadata = {.topic = "t", .partition = PartitionId{2}, .offset = Offset{7}},
       .prior = bytes_of(GetParam().prior),
       .old = bytes_of(GetParam().old),
       .now = bytes_of(GetParam().now),
       .buffer_time = Timestamp{5000}},
      no_headers(), out);

  EXPECT_EQ(to_hex(out), GetParam().bytes);
}

TEST_P(BufferedRecords, AreReadAsTheReferenceWroteThem) {
  const ByteBuffer bytes = from_hex(GetParam().bytes);
  Headers headers{{"left from before", std::nullopt}};

  const BufferedRecord record = read_buffered_record("s", bytes, headers);

  EXPECT_EQ(record.timestamp, Timestamp{1000});
  EXPECT_EQ(record.metadata.topic, "t");
  EXPECT_EQ(record.metadata.partition, PartitionId{2});
  EXPECT_EQ(record.metadata.offset, Offset{7});
  EXPECT_EQ(record.prior, bytes_of(GetParam().prior));
  EXPECT_EQ(record.old, bytes_of(GetParam().old));
  EXPECT_EQ(record.now, bytes_of(GetParam().now));
  EXPECT_EQ(record.buffer_time, Timestamp{5000});
  EXPECT_TRUE(headers.empty());
}

TEST_P(BufferedRecords, ThatAreCutOffOrTooLongAreRefused) {
  const ByteBuffer whole = from_hex(GetParam().bytes);
  Headers headers;

  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW(static_cast<void>(read_buffered_record("s", whole.bytes().first(size), headers)),
                 StateStoreError)
        << size;
  }
  ByteBuffer longer = whole;
  longer.append(std::byte{0});
  EXPECT_THROW(static_cast<void>(read_buffered_record("s", longer, headers)), StateStoreError);
}

INSTANTIATE_TEST_SUITE_P(Recorded, BufferedRecords, ::testing::ValuesIn(all_recorded));

}  // namespace
}  // namespace moldau::state
