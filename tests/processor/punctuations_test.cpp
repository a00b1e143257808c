#include "processor/scripted_processor.h"

#include <memory>
#include <stdexcept>

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Punctuations = ScriptedProcessor;

TEST_F(Punctuations, OfStreamTimeRunAfterTheRecordThatMovesIt) {
  run({.init = [](Context& c) { c.schedule(50ms, PunctuationType::stream_time, tells(c)); },
       .process = [](Context& c, const Record<Text, Text>& r) { c.forward(r); }});

  record_at(20ms);
  EXPECT_THAT(out(), ElementsAre("v", "20"));
  record_at(49ms);
  EXPECT_THAT(out(), ElementsAre("v"));
  record_at(10ms);
  EXPECT_THAT(out(), ElementsAre("v"));
  record_at(50ms);
  EXPECT_THAT(out(), ElementsAre("v", "50"));
}

TEST_F(Punctuations, ThatWereMissedGiveOneCallAndKeepThePhase) {
  run({.init = [](Context& c) { c.schedule(50ms, PunctuationType::stream_time, tells(c)); }});
  record_at(0ms);
  out();

  record_at(333ms);
  EXPECT_THAT(out(), ElementsAre("333"));
  record_at(349ms);
  EXPECT_THAT(out(), IsEmpty());
  record_at(350ms);
  EXPECT_THAT(out(), ElementsAre("350"));
}

TEST_F(Punctuations, OfTheWallClockAreFirstDueAfterOneInterval) {
  run({.init = [](Context& c) { c.schedule(100ms, PunctuationType::wall_clock_time, tells(c)); }});

  record_at(5000ms);
  advance(99ms);
  EXPECT_THAT(out(), IsEmpty());
  advance(1ms);
  EXPECT_THAT(out(), ElementsAre("1100"));
  advance(450ms);
  EXPECT_THAT(out(), ElementsAre("1550"));
  advance(50ms);
  EXPECT_THAT(out(), ElementsAre("1600"));
}

TEST_F(Punctuations, WithAStartAreFirstDueThen) {
  run({.init = [](Context& c) {
    c.schedule(at(130ms), 100ms, PunctuationType::stream_time, tells(c, "stream"));
    c.schedule(at(1075ms), 200ms, PunctuationType::wall_clock_time, tells(c, "wall"));
  }});

  record_at(129ms);
  EXPECT_THAT(out(), IsEmpty());
  record_at(130ms);
  EXPECT_THAT(out(), ElementsAre("130"));
  record_at(230ms);
  EXPECT_THAT(out(), ElementsAre("230"));
  advance(74ms);
  EXPECT_THAT(out(), IsEmpty());
  advance(1ms);
  EXPECT_THAT(out(), ElementsAre("1075"));
}

TEST_F(Punctuations, WithAStartInThePastKeepItsPhase) {
  run({.init = [](Context& c) {
    c.schedule(at(30ms), 100ms, PunctuationType::wall_clock_time, tells(c));
  }});

  advance(29ms);
  EXPECT_THAT(out(), IsEmpty());
  advance(1ms);
  EXPECT_THAT(out(), ElementsAre("1030"));
}

TEST_F(Punctuations, CanBeCancelledFromInsideAndOutside) {
  auto ticks = std::make_shared<Cancellable>();
  run({.init =
           [ticks](Context& c) {
             *ticks = c.schedule(10ms, PunctuationType::stream_time, [&c, ticks](Timestamp now) {
               c.forward("t", std::to_string(now.milliseconds()), now);
               if (now >= at(20ms)) ticks->cancel();
             });
           },
       .process =
           [ticks](Context& c, const Record<Text, Text>& r) {
             if (r.timestamp() != at(100ms)) return;
             *ticks = c.schedule(10ms, PunctuationType::stream_time, tells(c));
             ticks->cancel();
             ticks->cancel();
           }});

  record_at(10ms);
  record_at(20ms);
  record_at(30ms);
  record_at(100ms);
  record_at(200ms);

  EXPECT_THAT(out(), ElementsAre("10", "20"));
}

TEST_F(Punctuations, OfOneThatWasScheduledWhileRunningFollow) {
  run({.init = [](Context& c) {
    c.schedule(100ms, PunctuationType::wall_clock_time, [&c](Timestamp now) {
      c.forward("t", "outer", now);
      c.schedule(10ms, PunctuationType::wall_clock_time,
                 [&c](Timestamp later) { c.forward("t", "inner", later); });
    });
  }});

  advance(100ms);
  EXPECT_THAT(out(), ElementsAre("outer"));
  advance(10ms);
  EXPECT_THAT(out(), ElementsAre("inner"));
}

TEST_F(Punctuations, AnEmptyHandleCancelsNothing) {
  Cancellable nothing;

  nothing.cancel();
}

TEST_F(Punctuations, IntervalsBelowAMillisecondAndNegativeStartsAreRefused) {
  const auto refusal = [this](auto schedule) {
    return thrown<Error>([&] { run({.init = schedule}); });
  };

  EXPECT_THAT(
      refusal([](Context& c) { c.schedule(0ms, PunctuationType::stream_time, [](Timestamp) {}); }),
      HasSubstr("\"p\" schedules a punctuation every 0 ms"));
  EXPECT_THAT(refusal([](Context& c) {
                c.schedule(at(-1ms), 1s, PunctuationType::stream_time, [](Timestamp) {});
              }),
              HasSubstr("the start cannot be negative"));
}

TEST_F(Punctuations, WhatTheyThrowIsForTheProcessingHandler) {
  std::vector<Text> told;
  Config config{.application_id = "app"};
  config.processing_exception_handler = [&told](const ErrorContext& context,
                                                std::exception_ptr error) {
    told.push_back(Text{context.node} + ": " + describe(error) + " from \"" +
                   Text{context.metadata.topic} + "\"");
    return ErrorResponse::resume;
  };
  run({.init =
           [](Context& c) {
             c.schedule(100ms, PunctuationType::wall_clock_time,
                        [](Timestamp) { throw std::runtime_error("boom"); });
           },
       .process = [](Context& c, const Record<Text, Text>& r) { c.forward(r); }},
      std::move(config));

  advance(100ms);
  record_at(1ms);

  EXPECT_THAT(told, ElementsAre("p: boom from \"\""));
  EXPECT_THAT(out(), ElementsAre("v"));
  EXPECT_EQ(driver().metric("dropped-records-total"), 1);
}

}  // namespace
}  // namespace moldau::test
