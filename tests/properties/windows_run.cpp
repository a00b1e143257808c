#include "properties/windows_run.h"

#include "moldau/testing/topology_test_driver.h"

#include "base/temporary_folder.h"

#include <map>
#include <utility>

namespace moldau::test {

namespace {

using std::chrono::milliseconds;

Text nothing() { return {}; }
Text add(Text values, const Text& value) { return std::move(values) + value + " "; }
Text merge(Text values, const Text& others) { return std::move(values) + others; }

void finish(const KTable<Windowed<Text>, Text>& table, const WindowRun& run) {
  (run.suppressed ? table.suppress(until_window_closes()) : table).to_stream().to("out");
}

template <class Windows>
void define(const KGroupedStream<Text, Text>& grouped, const Windows& windows,
            const WindowRun& run) {
  const Materialized<Text, Text> store{
      .name = "values", .type = run.store, .segment_interval = run.segment_interval};
  const auto windowed = grouped.windowed_by(windows).emit_strategy(run.emit);
  if constexpr (std::same_as<Windows, SessionWindows>) {
    finish(windowed.aggregate(nothing, add, merge, store), run);
  } else {
    finish(windowed.aggregate(nothing, add, store), run);
  }
}

}  // namespace

Topology windowed_values(const WindowProgram& program, const WindowRun& run) {
  StreamsBuilder builder;
  const auto grouped = builder.stream<Text, Text>("in").group_by_key();
  const milliseconds length{program.length};
  const milliseconds grace{program.grace};
  switch (program.kind) {
    case WindowKind::tumbling:
    case WindowKind::hopping:
      define(grouped,
             TimeWindows{.size = length, .advance = milliseconds{program.advance}, .grace = grace},
             run);
      break;
    case WindowKind::sliding:
      define(grouped, SlidingWindows{.time_difference = length, .grace = grace}, run);
      break;
    case WindowKind::session:
      define(grouped, SessionWindows{.inactivity_gap = length, .grace = grace}, run);
      break;
  }
  return builder.build();
}

AnySerde<Windowed<Text>> key_serde(const WindowProgram& program) {
  if (program.kind == WindowKind::session) return session_windowed_serde<Text>();
  return time_windowed_serde<Text>(milliseconds{program.length});
}

WindowAnswer run_windows(const WindowProgram& program, const WindowRun& run,
                         const std::vector<WindowInput>& inputs) {
  Config config{.application_id = "test"};
  config.semantics = run.semantics;
  config.statestore_cache_max_bytes = run.cache_bytes;
  config.default_timestamp_extractor = TimestampPolicy::log_and_skip;
  const TemporaryFolder folder;
  testing::TestDriverOptions options;
  if (run.store == StoreType::rocksdb) options.state_dir = folder.path();
  testing::TopologyTestDriver driver{windowed_values(program, run), config, options};
  auto in = driver.input_topic<Text, Text>("in");
  auto out = driver.output_topic<Windowed<Text>, Text>("out", key_serde(program));

  WindowAnswer answer;
  std::map<std::pair<Text, Window>, WindowRow> latest;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    in.pipe(inputs[i].key, inputs[i].value, Timestamp{inputs[i].time});
    for (const auto& record : out.read_all()) {
      const auto& [key, window] = *record.key;
      if (key == "end") continue;
      latest.erase({key, window});
      if (!record.value) continue;
      const WindowRow row{key, window.start.milliseconds(), window.end.milliseconds(),
                          sorted_values(*record.value), record.timestamp.milliseconds()};
      answer.closed.emplace(i, row);
      latest.emplace(std::pair{key, window}, row);
    }
  }
  for (const auto& [window, row] : latest) answer.rows.insert(row);
  answer.dropped = static_cast<std::int64_t>(driver.metric("dropped-records-total"));
  return answer;
}

}  // namespace moldau::test
