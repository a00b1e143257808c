// The rows of stores, byte for byte as the reference keeps them.

#include "moldau/state/value_layout.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "state/version_list.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace moldau::state {
namespace {

const Headers some_headers{{"h1", ByteBuffer{Bytes{std::string_view{"v1"}}}},
                           {"nil", std::nullopt}};

// The bytes that the reference has recorded under that name.
std::string recorded(const std::string& what) {
  for (const nlohmann::json& value : read_golden("store_values.json")) {
    if (value["what"] == what) return value["bytes"];
  }
  throw std::runtime_error("nothing is recorded as " + what);
}

std::string stored(ValueLayout layout, const Headers& headers) {
  ByteBuffer out;
  append_stored(layout, Bytes{std::string_view{"abc"}}, Timestamp{1000}, headers, out);
  return to_hex(out);
}

TEST(StoredValue, OfATableIsATimeAndTheValue) {
  EXPECT_EQ(stored(ValueLayout::timestamped, some_headers), recorded("timestamped value"));
}

TEST(StoredValue, OfAVersionedStoresLatestIsATimeAndTheValue) {
  EXPECT_EQ(stored(ValueLayout::timestamped, {}), recorded("versioned latest value"));
}

TEST(StoredValue, WithHeadersHasThemInFront) {
  EXPECT_EQ(stored(ValueLayout::headers, some_headers),
            recorded("header-aware value, headers h1=v1 and nil=null"));
}

TEST(StoredValue, WithoutHeadersSaysSo) {
  EXPECT_EQ(stored(ValueLayout::headers, {}), recorded("header-aware value, no headers"));
}

TEST(StoredValue, IsReadAsItWasRecorded) {
  const ByteBuffer row = from_hex(recorded("header-aware value, headers h1=v1 and nil=null"));
  Headers headers;

  const StoredValue read = split_stored(ValueLayout::headers, row, Timestamp::unknown());
  decode_headers(read.headers, headers);

  EXPECT_EQ(read.value.text(), "abc");
  EXPECT_EQ(read.timestamp, Timestamp{1000});
  EXPECT_EQ(headers, some_headers);
}

std::optional<Bytes> text(std::string_view value) { return Bytes{value}; }

std::string encoded(const VersionList& versions) {
  ByteBuffer out;
  versions.encode(out);
  return to_hex(out);
}

// What is encoded is also what is read.
void expect_row(const VersionList& versions, const std::string& what) {
  EXPECT_EQ(encoded(versions), recorded(what));
  const ByteBuffer row = from_hex(recorded(what));
  VersionList read;
  read.decode(row);
  EXPECT_EQ(encoded(read), recorded(what));
}

TEST(VersionedRow, HasTheVersionsOfASegment) {
  VersionList versions{text("v1"), Timestamp{100}, Timestamp{200}};
  expect_row(versions, "versioned segment row: v1@[100,200)");

  versions.add_newest(text("v22"), Timestamp{200}, Timestamp{300});
  expect_row(versions, "versioned segment row: v1@[100,200) v22@[200,300)");
}

TEST(VersionedRow, HasDeletionsBetweenVersions) {
  VersionList versions{text("v1"), Timestamp{100}, Timestamp{200}};
  versions.add_newest(text("v22"), Timestamp{200}, Timestamp{300});
  versions.add_newest(text("x"), Timestamp{400}, Timestamp{500});

  expect_row(versions, "versioned segment row: v1@100 v22@200 tombstone@300 x@[400,500)");
}

TEST(VersionedRow, OfALoneDeletionEndsWhenItBegins) {
  expect_row({std::nullopt, Timestamp{100}, Timestamp{100}},
             "versioned segment row: degenerate tombstone@100");
}

}  // namespace
}  // namespace moldau::state
