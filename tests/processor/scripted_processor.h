#pragma once

#include "processor/store_of_a_processor.h"

#include <functional>
#include <memory>

namespace moldau::test {

// What a test makes of init() and process().
class Scripted final : public Processor<Text, Text, Text, Text> {
 public:
  struct Script {
    std::function<void(Context&)> init = {};
    std::function<void(Context&, const Record<Text, Text>&)> process = {};
  };
  explicit Scripted(Script script) : script_(std::move(script)) {}
  void init(Context& context) override {
    if (script_.init) script_.init(context);
  }
  void process(const Record<Text, Text>& record) override {
    if (script_.process) script_.process(context(), record);
  }

 private:
  Script script_;
};
using Context = Scripted::Context;

class ScriptedProcessor : public ::testing::Test {
 protected:
  void run(Scripted::Script script, Config config = {.application_id = "app"}) {
    StreamsBuilder b;
    b.stream<Text, Text>("in")
        .process([script = std::move(script)] { return std::make_unique<Scripted>(script); },
                 {.name = "p"})
        .to("out");
    driver_.emplace(b.build(), std::move(config),
                    testing::TestDriverOptions{.initial_wall_clock_time = at(1000ms)});
  }
  void record_at(std::chrono::milliseconds time) {
    driver_->input_topic<Text, Text>("in").pipe("k", "v", at(time));
  }
  void advance(std::chrono::milliseconds by) { driver_->advance_wall_clock_time(by); }
  // The values that came out since the last call.
  std::vector<Text> out() {
    std::vector<Text> values;
    for (auto& value : driver_->output_topic<Text, Text>("out").read_values()) {
      values.push_back(value.value_or("-"));
    }
    return values;
  }
  testing::TopologyTestDriver& driver() { return *driver_; }

  // Forwards the time it is called with.
  static Punctuator tells(Context& context, const char* key = "t") {
    return [&context, key](Timestamp now) {
      context.forward(key, std::to_string(now.milliseconds()), now);
    };
  }

 private:
  std::optional<testing::TopologyTestDriver> driver_;
};

}  // namespace moldau::test
