#include "moldau/serde/windowed.h"

#include "moldau/base/murmur2.h"
#include "moldau/serde/builtin.h"

#include "golden/golden.h"
#include "golden/hex.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using Key = Windowed<std::string>;

Key key(std::int64_t start, std::int64_t end) {
  return {.key = "key", .window = {.start = Timestamp{start}, .end = Timestamp{end}}};
}

ByteBuffer written(const AnySerde<Key>& serde, const Key& value) {
  ByteBuffer bytes;
  EXPECT_TRUE(serde.serialize(value, bytes));
  return bytes;
}

Key read(const AnySerde<Key>& serde, Bytes bytes) {
  Key value;
  serde.deserialize(bytes, value);
  return value;
}

// How the reference's emit-on-close stores lie in their files, which nobody else sees: here they
// lie otherwise.
const std::set<std::string> rows_on_the_references_disk = {
    "time-first window key (local store of emit-final)",
    "key-first window key (local index of emit-final)",
    "time-first session key (local store of emit-final)",
    "key-first session key (local index of emit-final)"};

TEST(WindowedSerdes, WriteAndReadTheBytesOfTheReference) {
  const std::map<std::string, AnySerde<Key>> serdes = {
      {"TimeWindowedSerde topic key", time_windowed_serde<std::string>(5000ms)},
      {"SessionWindowedSerde topic key (end first)", session_windowed_serde<std::string>()},
      {"window store/changelog key seq 0", window_changelog_serde<std::string>(5000ms)},
      {"session store/changelog key", session_windowed_serde<std::string>()},
  };
  // Only read: a number is given by stores that keep duplicates, not by a serde.
  const std::string numbered = "window store/changelog key seq 7";
  std::size_t compared = 0;
  const nlohmann::json golden = read_golden("windowed.json");
  for (const auto& vector : golden["vectors"]) {
    const auto what = vector["what"].get<std::string>();
    if (rows_on_the_references_disk.contains(what)) continue;
    const auto serde = serdes.find(what == numbered ? "window store/changelog key seq 0" : what);
    ASSERT_NE(serde, serdes.end()) << what;
    const Key expected = key(vector["start"].get<std::int64_t>(),
                             vector.contains("end") ? vector["end"].get<std::int64_t>() : 6000);
    const ByteBuffer bytes = from_hex(vector["bytes"].get<std::string>());

    if (what != numbered) {
      EXPECT_EQ(to_hex(written(serde->second, expected)), to_hex(bytes)) << what;
    }
    EXPECT_EQ(read(serde->second, bytes), expected) << what;
    ++compared;
  }
  EXPECT_EQ(compared, serdes.size() + 1);
}

TEST(WindowedSerdes, AnEndThatIsTooLateToBeSaidIsTheLatestThereIs) {
  const AnySerde<Key> serde = time_windowed_serde<std::string>(std::chrono::milliseconds::max());

  EXPECT_EQ(read(serde, written(serde, key(7, 8))).window,
            (Window{.start = Timestamp{7}, .end = Timestamp::max()}));
}

TEST(WindowedSerdes, TheKeyAloneChoosesThePartition) {
  const auto expected =
      read_golden("windowed.json")["partition_of_windowed_key_over_6_is_of_inner_key_only"]
          .get<std::int32_t>();
  for (const AnySerde<Key>& serde :
       {time_windowed_serde<std::string>(5s), session_windowed_serde<std::string>()}) {
    const ByteBuffer bytes = written(serde, key(1000, 6000));

    EXPECT_EQ(serde.partitioning_part(bytes).text(), "key");
    EXPECT_EQ(partition_for_key(serde.partitioning_part(bytes), 6).value(), expected);
  }
}

TEST(WindowedSerdes, BytesWithoutAWindowAreAnError) {
  EXPECT_THROW(static_cast<void>(read(time_windowed_serde<std::string>(5s), Bytes{"1234567"})),
               SerdeError);
  EXPECT_THROW(
      static_cast<void>(read(session_windowed_serde<std::string>(), Bytes{"123456789012345"})),
      SerdeError);
}

TEST(WindowedSerdes, AKeyMayBeEmptyButNotNull) {
  const AnySerde<Key> serde = time_windowed_serde<std::string>(5s);
  const Key empty{.key = "", .window = {.start = Timestamp{1}, .end = Timestamp{5001}}};
  EXPECT_EQ(read(serde, written(serde, empty)), empty);

  using Optional = std::optional<std::string>;
  ByteBuffer out;
  EXPECT_THROW(
      time_windowed_serde<Optional>(5s).serialize({.key = std::nullopt, .window = {}}, out),
      SerdeError);
}

TEST(WindowedSerdes, AnInnerSerdeOfTheUsersIsAsked) {
  struct Shouting final : SerdeInstance<std::string> {
    void serialize(const std::string& value, ByteBuffer& out) const override {
      out.append(Bytes{std::string_view{value + "!"}});
    }
    void deserialize(Bytes bytes, std::string& value) const override {
      value.assign(bytes.first(bytes.size() - 1).text());
    }
  };
  const AnySerde<Key> serde = session_windowed_serde<std::string>(
      std::shared_ptr<const SerdeInstance<std::string>>{std::make_shared<Shouting>()});

  const ByteBuffer bytes = written(serde, key(1, 2));

  EXPECT_EQ(bytes.bytes().first(4).text(), "key!");
  EXPECT_EQ(read(serde, bytes), key(1, 2));
}

}  // namespace
}  // namespace moldau
