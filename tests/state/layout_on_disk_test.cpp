// A store on disk that is opened with another layout than its rows were written with.

#include "moldau/base/clock.h"
#include "moldau/state/value_layout.h"

#include "store_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace moldau::state {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

StoreSpec of_a_table(StoreKind kind = StoreKind::key_value) {
  return {.name = "s", .logging = false, .kind = kind, .of_table = true};
}

class LayoutOnDisk : public ::testing::Test {
 protected:
  std::unique_ptr<KeyValueBytesStore> open(const StoreSpec& spec, DslStoreFormat format) {
    return open_store(spec, {.storage = *bench_.storage,
                             .folder = bench_.folder.path() / spec.name,
                             .format = format,
                             .changelog = std::nullopt,
                             .cache = nullptr,
                             .logger = *bench_.logger,
                             .clock = system_clock(),
                             .metrics = bench_.metrics});
  }
  std::string refusal(const StoreSpec& spec, DslStoreFormat format) {
    try {
      open(spec, format);
    } catch (const StoreDamaged& damaged) {
      return damaged.what();
    }
    return "it was opened";
  }

  StoreBench bench_;
};

constexpr auto with = DslStoreFormat::headers;
constexpr auto without = DslStoreFormat::without_headers;

TEST_F(LayoutOnDisk, FollowsTheFormatForTablesOnly) {
  EXPECT_EQ(open(of_a_table(), with)->spec().layout, ValueLayout::headers);
  StoreSpec own = of_a_table();
  own.name = "own";
  own.of_table = false;
  EXPECT_EQ(open(own, with)->spec().layout, ValueLayout::timestamped);
  StoreSpec in_memory = of_a_table();
  in_memory.type = StoreType::in_memory;
  EXPECT_EQ(open(in_memory, with)->spec().layout, ValueLayout::timestamped);
  StoreSpec sessions = of_a_table(StoreKind::session);
  sessions.name = "sessions";
  sessions.layout = ValueLayout::plain;
  sessions.retention = std::chrono::hours{1};
  EXPECT_EQ(open(sessions, with)->spec().layout, ValueLayout::headers_untimed);
  StoreSpec versions = of_a_table(StoreKind::versioned);
  versions.name = "versions";
  versions.retention = std::chrono::hours{1};
  EXPECT_EQ(open(versions, with)->spec().layout, ValueLayout::plain);
}

TEST_F(LayoutOnDisk, AnEmptyStoreMayChangeIt) {
  open(of_a_table(), without);
  open(of_a_table(), with);
  open(of_a_table(), without);

  EXPECT_EQ(open(of_a_table(), with)->spec().layout, ValueLayout::headers);
}

TEST_F(LayoutOnDisk, RowsOfTheSameLayoutAreRead) {
  {
    const auto store = open(of_a_table(), with);
    ByteBuffer value;
    append_stored(ValueLayout::headers, bytes("v"), Timestamp{1}, no_headers(), value);
    store->put(bytes("k"), value.bytes(), at(1));
    store->commit(std::nullopt);
  }

  EXPECT_NE(get(*open(of_a_table(), with), "k"), std::nullopt);
  EXPECT_THAT(refusal(of_a_table(), without),
              AllOf(HasSubstr("store \"s\""), HasSubstr("written with headers"),
                    HasSubstr("read without")));
}

TEST_F(LayoutOnDisk, RowsWithoutHeadersAreNotTakenForRowsWithThem) {
  {
    const auto store = open(of_a_table(), without);
    put(*store, "k", row(1, "v"));
    store->commit(std::nullopt);
  }

  EXPECT_THAT(refusal(of_a_table(), with),
              AllOf(HasSubstr("written without headers"), HasSubstr("dsl.store.format")));
  EXPECT_EQ(get(*open(of_a_table(), without), "k"), row(1, "v"));
}

TEST_F(LayoutOnDisk, ThatItHasFollowedAChangelogCountsAsRows) {
  open(of_a_table(), without)->commit(position(5));

  EXPECT_THAT(refusal(of_a_table(), with), HasSubstr("written without headers"));
}

}  // namespace
}  // namespace moldau::state
