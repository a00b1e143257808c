#include "processor/scripted_processor.h"

#include <memory>
#include <utility>

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using ProcessorContexts = ScriptedProcessor;

TEST_F(ProcessorContexts, TellWhereTheRecordCameFrom) {
  const auto told = [](const std::optional<RecordMetadata>& m) {
    if (!m) return Text{"none"};
    return Text{m->topic} + "-" + std::to_string(m->partition.value()) + "-" +
           std::to_string(m->offset.value());
  };
  Text in_init;
  run({.init =
           [&](Context& c) {
             in_init = told(c.record_metadata());
             c.schedule(10ms, PunctuationType::wall_clock_time, [&c, told](Timestamp now) {
               c.forward("t", told(c.record_metadata()), now);
             });
           },
       .process =
           [told](Context& c, const Record<Text, Text>& r) {
             c.forward(r.with_value(told(c.record_metadata())));
           }});

  record_at(0ms);
  record_at(0ms);
  advance(10ms);

  EXPECT_EQ(in_init, "none");
  EXPECT_THAT(out(), ElementsAre("in-0-0", "in-0-1", "--1--1"));
}

TEST_F(ProcessorContexts, TellBothTimes) {
  run({.process = [](Context& c, const Record<Text, Text>& r) {
    c.forward(r.with_value(std::to_string(c.stream_time().milliseconds()) + " " +
                           std::to_string(c.wall_time().milliseconds())));
  }});

  record_at(70ms);
  advance(5ms);
  record_at(30ms);

  EXPECT_THAT(out(), ElementsAre("70 1000", "70 1005"));
}

TEST_F(ProcessorContexts, GiveTheApplicationsOwnSettings) {
  Text seen;
  Config config{.application_id = "app"};
  config.app["greeting"] = "hello";
  run({.init =
           [&seen](Context& c) {
             seen = Text{c.application_id()} + " " + to_string(c.task_id()) + " " +
                    c.app_configs().at("greeting");
           }},
      std::move(config));

  EXPECT_EQ(seen, "app 0_0 hello");
}

TEST_F(ProcessorContexts, RefuseToForwardInInit) {
  EXPECT_THAT(thrown<StreamsError>(
                  [&] { run({.init = [](Context& c) { c.forward("k", "v", at(0ms)); }}); }),
              HasSubstr("\"p\" forwards a record outside process() and punctuators"));
}

TEST_F(ProcessorContexts, RefuseAChildThatIsNotThere) {
  run({.process = [](Context& c, const Record<Text, Text>& r) { c.forward(r, "nobody"); }});

  EXPECT_THAT(thrown<Error>([&] { record_at(0ms); }), HasSubstr("nobody"));
}

TEST_F(ProcessorContexts, MeasureWhatTheApplicationAsksFor) {
  run({.init = [](Context& c) {
    c.metrics().rate_and_total("cache", "prices", "lookup").record();
  }});

  EXPECT_EQ(driver().metric("lookup-total"), 1);
}

// ---- what stands around a processor ----

class Noting final : public AroundProcessor {
 public:
  Noting(Text node, std::vector<Text>& notes) : node_(std::move(node)), notes_(notes) {}
  void process(Timestamp timestamp, const Headers& /*headers*/, Work& work) override {
    notes_.push_back(node_ + " in @" + std::to_string(timestamp.milliseconds()));
    if (timestamp != at(13ms)) work();
    notes_.push_back(node_ + " out");
  }

 private:
  Text node_;
  std::vector<Text>& notes_;
};

TEST(ProcessorWrappers, StandAroundEveryProcessorTheLibrarysOwnIncluded) {
  std::vector<Text> notes;
  Config config{.application_id = "app"};
  config.processor_wrapper = [&notes](std::string_view node) -> std::unique_ptr<AroundProcessor> {
    if (node == "plain") return nullptr;
    return std::make_unique<Noting>(Text{node}, notes);
  };
  StreamsBuilder b;
  b.stream<Text, Text>("in")
      .filter([](const Text&) { return true; }, {.name = "f"})
      .map_values([](const Text& v) { return v; }, {.name = "plain"})
      .process([] { return std::make_unique<Scripted>(Scripted::Script{}); }, {.name = "p"});
  testing::TopologyTestDriver driver{b.build(), std::move(config)};

  driver.input_topic<Text, Text>("in").pipe("k", "v", at(7ms));

  EXPECT_THAT(notes, ElementsAre("f in @7", "p in @7", "p out", "f out"));
}

TEST(ProcessorWrappers, MayKeepARecordFromTheProcessor) {
  std::vector<Text> notes;
  Config config{.application_id = "app"};
  config.processor_wrapper = [&notes](std::string_view node) {
    return std::make_unique<Noting>(Text{node}, notes);
  };
  StreamsBuilder b;
  b.stream<Text, Text>("in").filter([](const Text&) { return true; }, {.name = "f"}).to("out");
  testing::TopologyTestDriver driver{b.build(), std::move(config)};
  auto in = driver.input_topic<Text, Text>("in");

  in.pipe("k", "v", at(13ms));
  in.pipe("k", "v", at(14ms));

  EXPECT_EQ((driver.output_topic<Text, Text>("out").size()), 1U);
}

}  // namespace
}  // namespace moldau::test
