// What stores and their changelogs hold, byte for byte as the reference has it.

#include "moldau/processor/join_unmatched.h"
#include "moldau/serde/builtin.h"
#include "moldau/serde/list_format.h"
#include "moldau/state/stores.h"
#include "moldau/state/value_layout.h"
#include "moldau/testing/mock_task.h"

#include "golden/golden.h"
#include "golden/hex.h"
#include "state/buffered_change_format.h"
#include "state/store_fixture.h"
#include "state/version_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace moldau::processor {
namespace {

using nlohmann::json;
using state::ValueLayout;
using state::VersionList;
using ::testing::ElementsAre;

const Headers some_headers{{"h1", ByteBuffer{Bytes{std::string_view{"v1"}}}},
                           {"nil", std::nullopt}};

std::string bytes_of(const json& recorded) { return recorded.at("bytes").get<std::string>(); }

Bytes text(std::string_view value) { return Bytes{value}; }

std::optional<ByteBuffer> text_or_null(const json& value) {
  if (value.is_null()) return std::nullopt;
  return ByteBuffer{text(value.get_ref<const std::string&>())};
}

std::optional<Bytes> view(const std::optional<ByteBuffer>& buffer) {
  return buffer ? std::optional<Bytes>{*buffer} : std::nullopt;
}

// ---- values ----

// Is written like that, and read as it was.
void check_value(const json& recorded, ValueLayout layout, const Headers& headers) {
  const auto value = recorded.at("value").get<std::string>();
  const Timestamp time{recorded.value("ts", std::int64_t{-1})};
  ByteBuffer written;
  append_stored(layout, text(value), time, headers, written);
  EXPECT_EQ(to_hex(written), bytes_of(recorded));
  EXPECT_EQ(state::stored_size(layout, value.size(), headers), written.size());

  const ByteBuffer row = from_hex(bytes_of(recorded));
  const state::StoredValue read = split_stored(layout, row, time);
  Headers read_headers;
  state::decode_headers(read.headers, read_headers);
  EXPECT_EQ(read.value.text(), value);
  EXPECT_EQ(read.timestamp, time);
  EXPECT_EQ(read_headers, headers);
}

void timestamped(const json& recorded) {
  check_value(recorded, ValueLayout::timestamped, no_headers());
}
void without_headers(const json& recorded) {
  check_value(recorded, ValueLayout::headers, no_headers());
}
void with_headers(const json& recorded) {
  check_value(recorded, ValueLayout::headers, some_headers);
}
void session_without_headers(const json& recorded) {
  check_value(recorded, ValueLayout::headers_untimed, no_headers());
}
void session_with_headers(const json& recorded) {
  check_value(recorded, ValueLayout::headers_untimed, some_headers);
}

// ---- unmatched records of an outer join ----

// Notes what a join says about records that stay without a match.
class NotedUnmatched final : public UnmatchedRecords::Closing {
 public:
  void closed(JoinSide, Bytes, Timestamp, Bytes value) override {
    values.emplace_back(value.text());
  }
  std::vector<std::string> values;
};

class UnmatchedBench {
 public:
  UnmatchedBench() {
    task_.add_store(in_memory_key_value_store<std::string, std::string>("unmatched"));
    rows_.open(task_.context(), "unmatched");
  }

  [[nodiscard]] state::KeyValueBytesStore& store() {
    return dynamic_cast<state::KeyValueBytesStore&>(task_.context().store("unmatched"));
  }
  // Has a record of that time wait; its row.
  std::pair<ByteBuffer, ByteBuffer> park(JoinSide side, std::string_view of_key,
                                         std::string_view value, Timestamp time) {
    rows_.park(side, text(of_key), text(value), {.timestamp = time});
    const auto row = store().range(state::ByteRange::all(), state::Direction::forward);
    return {ByteBuffer{row->key()}, ByteBuffer{row->value()}};
  }
  // What waits when time has gone on long enough.
  std::vector<std::string> release() {
    const Timestamp late{1'000'000};
    rows_.advance(late);
    NotedUnmatched noted;
    rows_.release(JoinSide::left, {.timestamp = late}, noted);
    return noted.values;
  }

 private:
  testing::MockTask task_{testing::MockTaskOptions{}};
  UnmatchedRecords rows_{JoinReach{}};
};

void check_unmatched_value(const json& recorded, JoinSide side) {
  UnmatchedBench bench;

  const ByteBuffer list =
      bench.park(side, "k", recorded.at("value").get<std::string>(), Timestamp{1000}).second;

  moldau::detail::ListReader elements{list, 0};
  ASSERT_EQ(elements.size(), 1U);
  EXPECT_EQ(to_hex(elements.next().value()), bytes_of(recorded));
}
void unmatched_left(const json& recorded) { check_unmatched_value(recorded, JoinSide::left); }
void unmatched_right(const json& recorded) { check_unmatched_value(recorded, JoinSide::right); }

void check_unmatched_key(const json& recorded, JoinSide side) {
  UnmatchedBench bench;

  const ByteBuffer row_key = bench
                                 .park(side, recorded.at("key").get<std::string>(), "v",
                                       Timestamp{recorded.at("ts").get<std::int64_t>()})
                                 .first;

  EXPECT_EQ(to_hex(row_key), bytes_of(recorded));
}
void unmatched_left_key(const json& recorded) { check_unmatched_key(recorded, JoinSide::left); }
void unmatched_right_key(const json& recorded) { check_unmatched_key(recorded, JoinSide::right); }

// Two of one row are of one side. The recorded list has one of each, so it is read here, and one
// with the same values of one side is written.
void unmatched_list(const json& recorded) {
  const ByteBuffer list = from_hex(bytes_of(recorded));
  UnmatchedBench reading;
  const ByteBuffer row_key = reading.park(JoinSide::left, "k", "v", Timestamp{1000}).first;
  reading.store().put(row_key, list.bytes(), {});
  EXPECT_THAT(reading.release(), ElementsAre("L", "R"));

  UnmatchedBench writing;
  writing.park(JoinSide::left, "k", "L", Timestamp{1000});
  ByteBuffer written = writing.park(JoinSide::left, "k", "R", Timestamp{1000}).second;
  ASSERT_EQ(written.size(), list.size());
  const std::size_t side_of_second = list.size() - 2;
  EXPECT_EQ(written.data()[side_of_second], std::byte{1});
  written.data()[side_of_second] = std::byte{0};
  EXPECT_EQ(to_hex(written), bytes_of(recorded));
}

// ---- versions ----

std::string encoded(const VersionList& versions) {
  ByteBuffer out;
  versions.encode(out);
  return to_hex(out);
}

// What is written is also what is read.
void check_versions(const json& recorded, const VersionList& versions) {
  EXPECT_EQ(encoded(versions), bytes_of(recorded));
  const ByteBuffer row = from_hex(bytes_of(recorded));
  VersionList read;
  read.decode(row);
  EXPECT_EQ(encoded(read), bytes_of(recorded));
}

VersionList one_version() { return {text("v1"), Timestamp{100}, Timestamp{200}}; }
VersionList two_versions() {
  VersionList versions = one_version();
  versions.add_newest(text("v22"), Timestamp{200}, Timestamp{300});
  return versions;
}

void versions_of_one(const json& recorded) { check_versions(recorded, one_version()); }
void versions_of_two(const json& recorded) { check_versions(recorded, two_versions()); }
void versions_around_a_deletion(const json& recorded) {
  VersionList versions = two_versions();
  versions.add_newest(text("x"), Timestamp{400}, Timestamp{500});
  check_versions(recorded, versions);
}
void lone_deletion(const json& recorded) {
  check_versions(recorded, {std::nullopt, Timestamp{100}, Timestamp{100}});
}

// ---- what changelogs hold besides ----

// The reference may add the position of its inputs to the headers of a changelog record. It is not
// written here; a store that is rebuilt from such records is the same as from others.
void position(const json& recorded) {
  Headers headers;
  headers.add("v", from_hex("00"));
  headers.add(
      "c",
      from_hex(
          recorded.at("array_as_written_has_trailing_zero_bytes").get_ref<const std::string&>()));
  EXPECT_TRUE(headers.last("c")->value->bytes().starts_with(from_hex(bytes_of(recorded))));
  state::StoreBench bench;
  const auto store = bench.open({.name = "s", .type = StoreType::in_memory});

  store->restore(std::vector{RawRecord{.key = text("k"),
                                       .value = text("v"),
                                       .timestamp = Timestamp{10},
                                       .offset = Offset{0},
                                       .headers = &headers}},
                 state::position(1));

  EXPECT_EQ(state::get(*store, "k"), state::row(10, "v"));
}

void record_context(const json& recorded) {
  ByteBuffer written;
  state::BufferedChange change{};
  change.context = {
      .timestamp = Timestamp{1000},
      .headers = &some_headers,
      .metadata = {.topic = "topic-a", .partition = PartitionId{2}, .offset = Offset{7}}};

  state::append_buffered_change(change, written);

  EXPECT_THAT(to_hex(written), ::testing::StartsWith(bytes_of(recorded)));
}

void suppressed(const json& recorded) {
  const auto prior = text_or_null(recorded.at("prior"));
  const auto before = text_or_null(recorded.at("old"));
  const auto now = text_or_null(recorded.at("new"));
  ByteBuffer written;

  state::append_buffered_change(
      {.key = text("k"),
       .time = Timestamp{recorded.at("buffer_time").get<std::int64_t>()},
       .prior = view(prior),
       .before = view(before),
       .now = view(now),
       .context = {.timestamp = Timestamp{1000},
                   .metadata = {.topic = "t", .partition = PartitionId{2}, .offset = Offset{7}}}},
      written);

  EXPECT_EQ(to_hex(written), bytes_of(recorded));
}

using Check = void (*)(const json& recorded);

const std::map<std::string, Check> checks = {
    {"timestamped value", timestamped},
    {"header-aware value, no headers", without_headers},
    {"header-aware value, headers h1=v1 and nil=null", with_headers},
    {"header-aware session aggregate, no headers", session_without_headers},
    {"header-aware session aggregate, headers h1=v1 and nil=null", session_with_headers},
    {"outer-join value left", unmatched_left},
    {"outer-join value right", unmatched_right},
    {"outer-join key left", unmatched_left_key},
    {"outer-join key right", unmatched_right_key},
    {"outer-join list value [left L, right R]", unmatched_list},
    {"versioned segment row: v1@[100,200)", versions_of_one},
    {"versioned segment row: v1@[100,200) v22@[200,300)", versions_of_two},
    {"versioned segment row: v1@100 v22@200 tombstone@300 x@[400,500)", versions_around_a_deletion},
    {"versioned segment row: degenerate tombstone@100", lone_deletion},
    {"versioned latest value", timestamped},
    {"position v0 {topic-a:{0:42}} (meaningful bytes)", position},
    {"record context ts=1000 offset=7 partition=2 topic-a, headers h1=v1 nil=null", record_context},
    {"suppress changelog value v3, context ts=1000 off=7 part=2 topic t", suppressed},
};

TEST(StoreValues, AreThoseOfTheReference) {
  const json golden = read_golden("store_values.json");

  ASSERT_GE(golden.size(), checks.size());
  for (const json& recorded : golden) {
    SCOPED_TRACE(recorded.dump());
    const auto what = recorded.at("what").get<std::string>();
    ASSERT_TRUE(checks.contains(what)) << "nothing here compares it";
    checks.at(what)(recorded);
  }
}

TEST(StoreValues, CutOffAreRefused) {
  ByteBuffer whole;
  append_stored(ValueLayout::headers, text(""), Timestamp{1000}, some_headers, whole);
  const Bytes bytes = whole;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THROW(static_cast<void>(
                     split_stored(ValueLayout::headers, bytes.first(size), Timestamp::unknown())),
                 StateStoreError)
        << size;
  }
}

}  // namespace
}  // namespace moldau::processor
