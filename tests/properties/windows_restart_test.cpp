// An application that is stopped and started in the middle of a stream emits what it would have
// emitted otherwise: each window once, whole, although a part of it was counted before.

#include "properties/windows_model.h"
#include "properties/windows_run.h"
#include "streams/embedded_application.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace moldau::test {
namespace {

using namespace std::chrono_literals;

class WindowsOverRestarts : public EmbeddedApplication {
 protected:
  // Near the machine's time: changelogs forget what is a day older than that.
  static std::vector<WindowInput> recent_inputs(Random& random, const WindowProgram& program) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto base = std::chrono::duration_cast<std::chrono::milliseconds>(now - 3h).count();
    std::vector<WindowInput> inputs = random_inputs(random, program);
    // Producers refuse them.
    std::erase_if(inputs, [](const WindowInput& input) { return input.time < 0; });
    for (WindowInput& input : inputs) input.time += base;
    return inputs;
  }

  void check(WindowKind kind) {
    Random random{test_seed()};
    const WindowProgram program = random_windows(random, kind);
    const WindowRun run{.store =
                            between(random, 0, 1) == 0 ? StoreType::in_memory : StoreType::rocksdb};
    const std::vector<WindowInput> inputs = recent_inputs(random, program);
    Config config = this->config();
    config.final_results_interval = 0ms;
    broker_.create_topic("in");
    broker_.create_topic("out");

    std::size_t next = 0;
    while (next < inputs.size()) {
      const auto streams = start(windowed_values(program, run), config);
      const std::size_t stop = next + static_cast<std::size_t>(between(random, 20, 60));
      for (; next < std::min(stop, inputs.size()); ++next) {
        const WindowInput& input = inputs[next];
        broker_.produce<Text, Text>("in", {input.key, input.value, Timestamp{input.time}, {}});
      }
      ASSERT_TRUE(eventually(patience, [&] { return broker_.caught_up("app", "in"); }));
      ASSERT_TRUE(streams->close());
      // The next one starts from the changelog.
      if (between(random, 0, 1) == 0) std::filesystem::remove_all(folder_.path() / "state");
    }

    std::multiset<WindowRow> expected;
    for (const auto& [step, row] : model(program, inputs).closed) expected.insert(row);
    EXPECT_EQ(emitted(program), expected);
  }

  std::multiset<WindowRow> emitted(const WindowProgram& program) {
    std::multiset<WindowRow> rows;
    for (const auto& record : broker_.read<Windowed<Text>, Text>(
             "out", kafka::Isolation::read_committed, key_serde(program))) {
      const auto& [key, window] = *record.key;
      if (key == "end") continue;
      rows.insert({key, window.start.milliseconds(), window.end.milliseconds(),
                   sorted_values(*record.value), record.timestamp.milliseconds()});
    }
    return rows;
  }
};

TEST_F(WindowsOverRestarts, TumblingAreEmittedOnce) { check(WindowKind::tumbling); }
TEST_F(WindowsOverRestarts, HoppingAreEmittedOnce) { check(WindowKind::hopping); }
TEST_F(WindowsOverRestarts, SlidingAreEmittedOnce) { check(WindowKind::sliding); }
TEST_F(WindowsOverRestarts, SessionsAreEmittedOnce) { check(WindowKind::session); }

}  // namespace
}  // namespace moldau::test
