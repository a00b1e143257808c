#include "moldau/record/windowed.h"

#include "moldau/base/bytes.h"

#include <gtest/gtest.h>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace moldau {
namespace {

Window window(std::int64_t start, std::int64_t end) { return {Timestamp{start}, Timestamp{end}}; }

TEST(WindowedKey, IsOrderedByKeyThenByStartThenByEnd) {
  using Key = Windowed<std::string>;

  EXPECT_LT((Key{"a", window(5, 9)}), (Key{"b", window(0, 1)}));
  EXPECT_LT((Key{"a", window(0, 9)}), (Key{"a", window(5, 6)}));
  EXPECT_LT((Key{"a", window(0, 5)}), (Key{"a", window(0, 9)}));
  EXPECT_EQ((Key{"a", window(0, 5)}), (Key{"a", window(0, 5)}));
}

TEST(WindowedKey, IsAKeyOfOrderedMaps) {
  std::map<Windowed<std::string>, int> counts;

  ++counts[{"a", window(0, 5)}];
  ++counts[{"a", window(5, 10)}];
  ++counts[{"a", window(0, 5)}];

  EXPECT_EQ(counts.size(), 2U);
  EXPECT_EQ((counts[{"a", window(0, 5)}]), 2);
}

TEST(WindowedKey, IsAKeyOfHashMaps) {
  std::unordered_map<Windowed<ByteBuffer>, int> counts;
  const ByteBuffer key{Bytes{std::string_view{"a"}}};

  ++counts[{key, window(0, 5)}];
  ++counts[{key, window(5, 10)}];
  ++counts[{key, window(0, 5)}];

  EXPECT_EQ(counts.size(), 2U);
  EXPECT_EQ((counts[{key, window(0, 5)}]), 2);
}

// Windows of one length lie on a grid, and so do keys that are numbers.
TEST(WindowedKey, HashesOfRegularWindowsAreSpread) {
  std::set<std::size_t> hashes;
  std::set<std::size_t> low_bits;

  for (std::int64_t key = 0; key < 100; ++key) {
    for (std::int64_t start = 0; start < 100; ++start) {
      const Windowed<std::int64_t> windowed{key, window(start * 60'000, (start + 1) * 60'000)};
      const std::size_t hash = std::hash<Windowed<std::int64_t>>{}(windowed);
      hashes.insert(hash);
      low_bits.insert(hash % 1024);
    }
  }

  EXPECT_GT(hashes.size(), 9'990U);
  EXPECT_EQ(low_bits.size(), 1024U);
}

struct Unordered {
  int number = 0;
  friend bool operator==(const Unordered&, const Unordered&) = default;
};

TEST(WindowedKey, OfATypeWithoutOrderOrHashHasNone) {
  EXPECT_EQ((Windowed<Unordered>{{1}, window(0, 5)}), (Windowed<Unordered>{{1}, window(0, 5)}));
  static_assert(!std::three_way_comparable<Windowed<Unordered>>);
  static_assert(!std::default_initializable<std::hash<Windowed<Unordered>>>);
}

TEST(WindowedKey, WindowsAreKeysToo) {
  std::unordered_set<Window> windows{window(0, 5), window(5, 10), window(0, 5)};

  EXPECT_EQ(windows.size(), 2U);
}

}  // namespace
}  // namespace moldau
