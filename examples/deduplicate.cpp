// Deduplicate: lets each event through once, however often its sender repeats it within an hour.
//
// A processor remembers in a window store when it saw an event's id. The store forgets by itself
// what is older than it has to know, so its size depends on an hour's events, not on all of them.

#include "moldau/moldau.h"

#include "support/command_line.h"
#include "support/embedded_run.h"
#include "support/rows.h"

#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <utility>

namespace {

using namespace std::chrono_literals;
using Event = moldau::Record<std::string, std::string>;

constexpr auto span = 1h;

class Deduplicate : public moldau::Processor<std::string, std::string, std::string, std::string> {
 public:
  void init(Context& context) override {
    seen_ = context.window_store<std::string, std::string>("seen");
  }

  // An event that comes late may be an earlier one than the one that was let through.
  void process(const Event& event) override {
    const moldau::Timestamp time = event.timestamp();
    auto same = seen_.fetch(event.key(), time - span, time + span);
    if (same.valid()) {
      const std::string first = examples::clock_text(same->key);
      context().forward(event.with_value(first), "repeats");
    } else {
      seen_.put(event.key(), event.value(), time);
      context().forward(event, "events-once");
    }
  }

 private:
  moldau::WindowStore<std::string, std::string> seen_;
};

moldau::Topology deduplicate() {
  moldau::TopologyBuilder builder;
  builder.add_source<std::string, std::string>("events", {"events"})
      .add_processor<Deduplicate>("deduplicate", {"events"},
                                  {moldau::persistent_window_store<std::string, std::string>(
                                      "seen", {.retention = span + 1ms, .window_size = span})})
      .add_sink<std::string, std::string>("events-once", "events-once", {"deduplicate"})
      .add_sink<std::string, std::string>("repeats", "repeats", {"deduplicate"});
  return builder.build();
}

void show(const examples::EmbeddedRun& run) {
  std::multimap<moldau::Timestamp, std::string> lines;
  for (const auto& event : run.all<std::string, std::string>("events-once")) {
    lines.emplace(event.timestamp, *event.key + "  " + *event.value);
  }
  for (const auto& repeat : run.all<std::string, std::string>("repeats")) {
    lines.emplace(repeat.timestamp, *repeat.key + "  (again, first at " + *repeat.value + ")");
  }
  for (const auto& [time, line] : lines) {
    std::printf("%s  %s\n", examples::clock_text(time).c_str(), line.c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string file = EXAMPLES_DATA "/events.csv";
  return examples::run_example(
      argc, argv, "Lets each event through once", file, [](const std::string& data) {
        examples::EmbeddedRun run{deduplicate(),
                                  {{"events", 2}, {"events-once", 2}, {"repeats", 2}}};
        for (const auto& row : examples::read_rows(data, 3)) {
          run.produce<std::string, std::string>("events", row[1], row[2],
                                                examples::time_of_day(row[0]));
        }
        if (!run.run_to_end()) return 1;
        show(run);
        return 0;
      });
}
