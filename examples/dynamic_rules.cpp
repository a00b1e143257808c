// Dynamic rules: readings are held against rules that change while the program runs.
//
// Rules are a global table: every instance has all of them, so a reading finds the rule for its
// kind wherever it is processed. A rule is a record in a topic, and is in force once it has
// arrived.

#include "moldau/moldau.h"
#include "moldau/serde/json.h"

#include "support/command_line.h"
#include "support/embedded_run.h"
#include "support/rows.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Reading {
  std::string kind;
  std::int64_t value = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Reading, kind, value)

struct Alarm {
  Reading reading;
  std::int64_t highest = 0;  // that the rule in force allows
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Alarm, reading, highest)

}  // namespace

template <>
struct moldau::Serde<Reading> : moldau::JsonSerde<Reading> {};
template <>
struct moldau::Serde<Alarm> : moldau::JsonSerde<Alarm> {};

namespace {

moldau::Topology dynamic_rules() {
  moldau::StreamsBuilder builder;
  const auto rules = builder.global_table<std::string, std::int64_t>("rules", {.name = "rules"});
  builder.stream<std::string, Reading>("readings")
      .join(
          rules, [](const Reading& reading) { return reading.kind; },
          [](const Reading& reading, std::int64_t highest) {
            return Alarm{reading, highest};
          })
      .filter([](const Alarm& alarm) { return alarm.reading.value > alarm.highest; })
      .to("alarms");
  return builder.build();
}

// Counts the rules that the application has taken note of. Global tables are not aligned in time
// with streams, and a demonstration wants to know which rule is in force.
class RulesInForce {
 public:
  moldau::ProcessorWrapper wrapper() {
    return [this](std::string_view node) -> std::unique_ptr<moldau::AroundProcessor> {
      if (node != "rules") return nullptr;
      return std::make_unique<Around>(count_);
    };
  }
  [[nodiscard]] int count() const { return count_; }

 private:
  class Around final : public moldau::AroundProcessor {
   public:
    explicit Around(std::atomic<int>& count) : count_(count) {}
    void process(moldau::Timestamp, const moldau::Headers&, Work& work) override {
      work();
      ++count_;
    }

   private:
    std::atomic<int>& count_;
  };
  std::atomic<int> count_{0};
};

using Row = std::vector<std::string>;

// By their times.
std::multimap<moldau::Timestamp, Row> read_by_time(const std::string& path, std::size_t columns) {
  std::multimap<moldau::Timestamp, Row> rows;
  for (Row& row : examples::read_rows(path, columns)) {
    const moldau::Timestamp time = examples::time_of_day(row[0]);
    rows.emplace(time, std::move(row));
  }
  return rows;
}

std::optional<std::int64_t> limit_of(const Row& rule) {
  return rule[2].empty() ? std::nullopt : std::optional<std::int64_t>{std::stoll(rule[2])};
}

void show_rule(moldau::Timestamp time, const Row& rule) {
  std::printf("%s  RULE   %s: %s\n", examples::clock_text(time).c_str(), rule[1].c_str(),
              rule[2].empty() ? "anything goes" : ("at most " + rule[2]).c_str());
}

// Those behind the first `shown`; returns how many there are.
std::size_t show_alarms(const examples::EmbeddedRun& run, std::size_t shown) {
  const auto alarms = run.all<std::string, Alarm>("alarms");
  for (std::size_t i = shown; i < alarms.size(); ++i) {
    const Alarm& alarm = *alarms[i].value;
    std::printf("%s  ALARM  %s: %s %lld, at most %lld\n",
                examples::clock_text(alarms[i].timestamp).c_str(), alarms[i].key->c_str(),
                alarm.reading.kind.c_str(), static_cast<long long>(alarm.reading.value),
                static_cast<long long>(alarm.highest));
  }
  return alarms.size();
}

bool run_rules(const std::string& folder) {
  const auto rules = read_by_time(folder + "/rules.csv", 3);
  const auto readings = read_by_time(folder + "/readings.csv", 4);
  RulesInForce in_force;
  examples::EmbeddedRun run{
      dynamic_rules(), {{"rules", 1}, {"readings", 2}, {"alarms", 2}}, in_force.wrapper()};
  run.start();
  // What is there before is loaded as a whole, past the processor that counts.
  if (!run.wait_until([&] { return run.running(); })) return false;
  std::size_t shown = 0;
  auto reading = readings.begin();
  const auto process_readings_before = [&](moldau::Timestamp time) {
    for (; reading != readings.end() && reading->first < time; ++reading) {
      const Row& row = reading->second;
      run.produce<std::string, Reading>("readings", row[1], Reading{row[2], std::stoll(row[3])},
                                        reading->first);
    }
    if (!run.wait_until_caught_up()) return false;
    shown = show_alarms(run, shown);
    return true;
  };
  int made = 0;
  for (const auto& [time, rule] : rules) {
    if (!process_readings_before(time)) return false;
    run.produce<std::string, std::int64_t>("rules", rule[1], limit_of(rule), time);
    ++made;
    if (!run.wait_until([&] { return in_force.count() >= made; })) return false;
    show_rule(time, rule);
  }
  return process_readings_before(moldau::Timestamp::max());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = EXAMPLES_DATA "/rules";
  return examples::run_example(argc, argv, "Holds readings against rules that change", folder,
                               [](const std::string& data) { return run_rules(data) ? 0 : 1; });
}
