#include "properties/windows_model.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>

namespace moldau::test {

namespace {

constexpr std::size_t input_count = 150;

// The latest end of a window that no record may change any more.
std::int64_t last_closed_end(const WindowProgram& program, std::int64_t now) {
  switch (program.kind) {
    case WindowKind::tumbling:
    case WindowKind::hopping:
      return now - program.grace;
    case WindowKind::sliding:
      return now - program.grace - 1;
    case WindowKind::session:
      return now - program.grace - program.length - 1;
  }
  return 0;
}

struct Bounds {
  Text key;
  std::int64_t start;
  std::int64_t end;

  friend auto operator<=>(const Bounds&, const Bounds&) = default;
};

using Contents = std::map<Bounds, std::vector<WindowInput>>;

struct Take {
  Contents contents;
  std::int64_t dropped = 0;
};

// A record is in every window that holds its time, unless that has closed.
Take take_in_time_windows(const WindowProgram& program, const std::vector<WindowInput>& inputs) {
  Take take;
  std::int64_t now = -1;
  for (const WindowInput& input : inputs) {
    if (input.time < 0) continue;
    now = std::max(now, input.time);
    const std::int64_t last = input.time / program.advance * program.advance;
    for (std::int64_t start = last; start >= 0 && start + program.length > input.time;
         start -= program.advance) {
      const std::int64_t end = start + program.length;
      if (end <= last_closed_end(program, now)) {
        ++take.dropped;
      } else {
        take.contents[{input.key, start, end}].push_back(input);
      }
    }
  }
  return take;
}

// A window ends at each record and another one begins behind it; those with anything in them are.
Take take_in_sliding_windows(const WindowProgram& program, const std::vector<WindowInput>& inputs) {
  Take take;
  std::vector<WindowInput> accepted;
  std::int64_t now = -1;
  for (const WindowInput& input : inputs) {
    if (input.time < 0) continue;
    now = std::max(now, input.time);
    if (input.time + program.length <= last_closed_end(program, now)) {
      ++take.dropped;
    } else {
      accepted.push_back(input);
    }
  }
  for (const WindowInput& record : accepted) {
    for (const std::int64_t start :
         {std::max<std::int64_t>(0, record.time - program.length), record.time + 1}) {
      const Bounds window{record.key, start, start + program.length};
      if (take.contents.contains(window)) continue;
      for (const WindowInput& other : accepted) {
        const bool inside =
            other.key == window.key && other.time >= window.start && other.time <= window.end;
        if (inside) take.contents[window].push_back(other);
      }
    }
  }
  return take;
}

// Sessions within the gap become one with the record, unless they have closed.
Take take_in_sessions(const WindowProgram& program, const std::vector<WindowInput>& inputs) {
  Take take;
  std::int64_t now = -1;
  for (const WindowInput& input : inputs) {
    if (input.time < 0) continue;
    now = std::max(now, input.time);
    const std::int64_t closed = last_closed_end(program, now);
    Bounds merged{input.key, input.time, input.time};
    std::vector<WindowInput> records{input};
    std::vector<Bounds> replaced;
    for (const auto& [session, content] : take.contents) {
      const bool near = session.key == input.key && session.end > closed &&
                        session.end >= input.time - program.length &&
                        session.start <= input.time + program.length;
      if (!near) continue;
      merged.start = std::min(merged.start, session.start);
      merged.end = std::max(merged.end, session.end);
      records.insert(records.end(), content.begin(), content.end());
      replaced.push_back(session);
    }
    if (merged.end <= closed) {
      ++take.dropped;
      continue;
    }
    for (const Bounds& session : replaced) take.contents.erase(session);
    take.contents[merged] = std::move(records);
  }
  return take;
}

Take take(const WindowProgram& program, const std::vector<WindowInput>& inputs) {
  switch (program.kind) {
    case WindowKind::tumbling:
    case WindowKind::hopping:
      return take_in_time_windows(program, inputs);
    case WindowKind::sliding:
      return take_in_sliding_windows(program, inputs);
    case WindowKind::session:
      break;
  }
  return take_in_sessions(program, inputs);
}

WindowRow row_of(const WindowProgram& program, const Bounds& window,
                 const std::vector<WindowInput>& records) {
  Text values;
  std::int64_t time = 0;
  for (const WindowInput& record : records) {
    values += record.value + " ";
    time = std::max(time, record.time);
  }
  if (program.kind == WindowKind::session) time = window.end;
  return {window.key, window.start, window.end, sorted_values(values), time};
}

}  // namespace

Text sorted_values(const Text& values) {
  std::istringstream words{values};
  std::vector<Text> all{std::istream_iterator<Text>{words}, {}};
  std::ranges::sort(all);
  Text sorted;
  for (const Text& value : all) sorted += value + " ";
  return sorted;
}

WindowProgram random_windows(Random& random, WindowKind kind) {
  const std::int64_t length = between(random, 1, 12);
  return {.kind = kind,
          .length = length,
          .advance = kind == WindowKind::hopping ? between(random, 1, length) : length,
          .grace = between(random, 0, 2) == 0 ? 0 : between(random, 1, 15)};
}

std::vector<WindowInput> random_inputs(Random& random, const WindowProgram& program) {
  const std::int64_t reach = 3 * program.length + program.grace;
  std::vector<WindowInput> inputs;
  std::int64_t highest = 0;
  for (std::size_t i = 0; i < input_count; ++i) {
    const std::int64_t dice = between(random, 0, 99);
    std::int64_t time = highest + between(random, -program.grace, 3);
    if (dice < 25) time = highest - between(random, 0, reach);
    if (dice < 6) time = highest + between(random, 0, 2 * reach);
    // Further than a segment of a store is long.
    if (dice == 0) time = highest + between(random, 60'000, 200'000);
    if (dice == 99) time = -between(random, 1, 5);
    const std::int64_t on_time = highest - program.grace;
    const bool partly_late = time < on_time && time >= on_time - program.length;
    if (program.kind == WindowKind::sliding && partly_late) {
      time = between(random, 0, 1) == 0 ? on_time : on_time - program.length - 1;
    }
    highest = std::max(highest, time);
    inputs.push_back({.key = Text(1, static_cast<char>('a' + between(random, 0, 2))),
                      .value = std::to_string(i),
                      .time = time});
  }
  inputs.push_back({.key = "end", .value = "end", .time = highest + 1'000'000});
  return inputs;
}

WindowAnswer model(const WindowProgram& program, const std::vector<WindowInput>& inputs) {
  const Take taken = take(program, inputs);
  WindowAnswer answer;
  answer.dropped = taken.dropped;
  for (const WindowInput& input : inputs) {
    if (input.time < 0) ++answer.dropped;
  }
  for (const auto& [window, records] : taken.contents) {
    if (window.key == "end") continue;
    const WindowRow row = row_of(program, window, records);
    answer.rows.insert(row);
    std::int64_t now = -1;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      now = std::max(now, inputs[i].time);
      if (window.end > last_closed_end(program, now)) continue;
      answer.closed.emplace(i, row);
      break;
    }
  }
  return answer;
}

}  // namespace moldau::test
