#include "moldau/base/bytes.h"
#include "moldau/base/murmur2.h"

#include "simulation/workload.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace moldau::simulation {

namespace {

// What a key says, one value after the other.
using Values = std::vector<std::string>;
using ByKey = std::map<std::string, Values>;

void expect_stateless(const Input& input, ByKey& expected) {
  if (input.value.back() != '7') expected[input.key].push_back("<" + input.value + ">");
}

void expect_next_count(const std::string& key, ByKey& expected) {
  Values& values = expected[key];
  values.push_back(std::to_string(values.size() + 1));
}

// One operator over windows in one task: its time is that of the records of one partition.
class WindowModel {
 public:
  explicit WindowModel(const Workload& workload) : workload_(workload) {}

  void add(const Input& input, ByKey& expected) {
    Timestamp& time =
        times_.try_emplace(partition_for_key(Bytes{input.key}, workload_.partitions), input.time)
            .first->second;
    time = std::max(time, input.time);
    const std::int64_t size = workload_.window.count();
    const std::int64_t start = input.time.milliseconds() / size * size;
    if (Timestamp{start + size} <= time - workload_.grace) return;  // closed
    expect_next_count(input.key + "@" + std::to_string(start), expected);
  }

 private:
  const Workload& workload_;
  std::map<PartitionId, Timestamp> times_;
};

ByKey expect(const Workload& workload, Part part) {
  ByKey expected;
  WindowModel windows{workload};
  std::map<std::string, std::int64_t> totals;
  for (const Input& input : workload.inputs) {
    if (part == Part::stateless && input.topic == "lines") expect_stateless(input, expected);
    if (part == Part::count && input.topic == "events") expect_next_count(input.key, expected);
    if (part == Part::window && input.topic == "clicks") windows.add(input, expected);
    if (part == Part::repartition && input.topic == "orders") {
      expect_next_count(input.value.substr(0, input.value.find('/')), expected);
    }
    if (part == Part::totals && input.topic == "amounts") {
      std::int64_t& total = totals[input.key];
      total = input.value == "-" ? 0 : total + 1;
      // Deletions are left out on both sides: after one the count begins again, which shows.
      if (total > 0) expected[input.key].push_back(std::to_string(total));
    }
  }
  return expected;
}

std::multiset<std::string> expect_pairs(const Workload& workload) {
  std::multiset<std::string> pairs;
  for (const Input& left : workload.inputs) {
    if (left.topic != "left") continue;
    for (const Input& right : workload.inputs) {
      if (right.topic != "right" || right.key != left.key) continue;
      const auto apart = left.time - right.time;
      if (apart <= workload.window && -apart <= workload.window) {
        pairs.insert(left.key + ":" + left.value + "+" + right.value);
      }
    }
  }
  return pairs;
}

ByKey by_key(const std::vector<std::vector<Output>>& partitions) {
  ByKey values;
  for (const std::vector<Output>& partition : partitions) {
    for (const Output& output : partition) {
      if (output.value) values[output.key].push_back(*output.value);
    }
  }
  return values;
}

std::string text(const Values& values) {
  std::string all;
  for (const std::string& value : values) all += " " + value;
  return all.empty() ? " nothing" : all;
}

bool in_order(const Values& some, const Values& all) {
  auto next = all.begin();
  for (const std::string& value : some) {
    next = std::find(next, all.end(), value);
    if (next == all.end()) return false;
    ++next;
  }
  return true;
}

// With caches only the last value of a key has to come out, and of the others any, in order.
bool right(const Values& found, const Values& expected, bool caching, bool may_end_deleted) {
  if (!caching) return found == expected;
  if (!in_order(found, expected)) return false;
  return may_end_deleted || (!found.empty() && found.back() == expected.back());
}

// At least once: everything is there, whatever is there twice.
bool complete(const Values& found, const Values& expected) {
  return std::ranges::all_of(expected, [&](const std::string& value) {
    return std::ranges::find(found, value) != found.end();
  });
}

std::string compare(const Workload& workload, Part part, const ByKey& found) {
  const ByKey expected = expect(workload, part);
  for (const auto& [key, values] : expected) {
    const auto at = found.find(key);
    const Values there = at == found.end() ? Values{} : at->second;
    const bool fine = workload.exactly_once
                          ? right(there, values, workload.caching && part != Part::stateless,
                                  part == Part::totals)
                          : complete(there, values);
    if (!fine) {
      return std::string{name(part)} + "-out, key " + key + ": expected" + text(values) +
             "; found" + text(there);
    }
  }
  for (const auto& [key, values] : found) {
    if (!expected.contains(key)) {
      return std::string{name(part)} + "-out: nothing was expected of key " + key + "; found" +
             text(values);
    }
  }
  return {};
}

std::string compare_pairs(const Workload& workload, const ByKey& found) {
  std::multiset<std::string> pairs;
  for (const auto& [key, values] : found) {
    for (const std::string& value : values) pairs.insert(key + ":" + value);
  }
  const std::multiset<std::string> expected = expect_pairs(workload);
  for (const std::string& pair : expected) {
    if (pairs.count(pair) != 1) {
      return "join-out: the pair " + pair + " is there " + std::to_string(pairs.count(pair)) +
             " times, expected once";
    }
  }
  if (pairs.size() != expected.size()) return "join-out: there are pairs that should not be";
  return {};
}

// Without transactions a process that was taken for dead may write an old row over a new one, in
// the output as in the changelog: only what does not come from a store can be relied on.
bool can_be_checked(const Workload& workload, Part part) {
  return workload.exactly_once || part == Part::stateless;
}

}  // namespace

std::string find_mistake(const Workload& workload, const Outputs& outputs) {
  for (const Part part : workload.parts) {
    if (!can_be_checked(workload, part)) continue;
    const ByKey found = by_key(outputs.at(std::string{name(part)} + "-out"));
    std::string mistake =
        part == Part::join ? compare_pairs(workload, found) : compare(workload, part, found);
    if (!mistake.empty()) return mistake;
  }
  return {};
}

}  // namespace moldau::simulation
