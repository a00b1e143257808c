#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

// What windowed aggregations should lead to, said from the definition of the windows and for all
// records at once. Times are plain numbers. Shares nothing with the library.
namespace moldau::test {

using Text = std::string;
using Random = std::mt19937_64;

inline std::int64_t between(Random& random, std::int64_t from, std::int64_t to) {
  return std::uniform_int_distribution<std::int64_t>{from, to}(random);
}

enum class WindowKind { tumbling, hopping, sliding, session };

struct WindowProgram {
  WindowKind kind;
  std::int64_t length;   // size, difference or gap
  std::int64_t advance;  // of hopping and tumbling windows
  std::int64_t grace;
};

struct WindowInput {
  Text key;
  Text value;  // unique
  std::int64_t time;
};

// A row of the result: the values of a window's records, each with a space behind it, sorted.
struct WindowRow {
  Text key;
  std::int64_t start;
  std::int64_t end;
  Text values;
  std::int64_t time;  // the highest of its records, or the end of the session

  friend auto operator<=>(const WindowRow&, const WindowRow&) = default;
};

struct WindowAnswer {
  std::multiset<WindowRow> rows;  // all there are in the end
  // Those that have closed, each with the number of the input that closed it.
  std::multiset<std::pair<std::size_t, WindowRow>> closed;
  std::int64_t dropped = 0;  // records, or for time windows a record's windows
};

[[nodiscard]] WindowProgram random_windows(Random& random, WindowKind kind);

// In no order, late, with leaps ahead, on several keys, some before the epoch. The last one has the
// key "end" and closes all windows before it.
//
// A sliding window that a record is too late to open, but not to be in, depends on what else was
// there: no record is late for its left window unless it is late for all of its windows.
[[nodiscard]] std::vector<WindowInput> random_inputs(Random& random, const WindowProgram& program);

// Of all keys but "end".
[[nodiscard]] WindowAnswer model(const WindowProgram& program,
                                 const std::vector<WindowInput>& inputs);

[[nodiscard]] Text sorted_values(const Text& values);

}  // namespace moldau::test
