#include "docs/snippet.h"

#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

namespace moldau::test {
namespace {

using Processors = Snippet;

// [process_values processor]
// Puts where a record came from in front of its value.
class WithOrigin : public FixedKeyProcessor<std::string, std::string, std::string> {
 public:
  void process(const FixedKeyRecord<std::string, std::string>& record) override {
    const RecordMetadata from = *context().record_metadata();
    const std::string* value = record.value_or_null();
    const std::string text = std::string{from.topic} + "/" + std::to_string(from.offset.value()) +
                             ": " + (value ? *value : "-");
    context().forward(record.with_value(text));
  }
};
// [process_values processor end]

TEST_F(Processors, ProcessValues) {
  // [process_values]
  builder.stream<std::string, std::string>("clicks").process_values<WithOrigin>().to("traced");
  // [process_values end]

  expect(R"(
    clicks ann hats @1   ->  traced ann "clicks/0: hats" @1
    clicks - - @2        ->  traced - "clicks/1: -" @2
  )");
}

// [schedule]
// Says once in ten seconds of event time how many records there were.
class Pulse : public Processor<std::string, std::string, std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    context.schedule(10s, PunctuationType::stream_time, [this](Timestamp now) {
      this->context().forward("records", records_, now);
      records_ = 0;
    });
    idle_ = context.schedule(60s, PunctuationType::wall_clock_time, [this](Timestamp now) {
      if (this->context().stream_time() == Timestamp::unknown()) return;
      this->context().forward("idle", records_, now);
      idle_.cancel();
    });
  }
  void process(const Record<std::string, std::string>&) override { ++records_; }

 private:
  std::int64_t records_ = 0;
  Cancellable idle_;
};
// [schedule end]

TEST_F(Processors, Schedule) {
  driver_options.initial_wall_clock_time = Timestamp{0};
  output<std::string, std::int64_t>("pulse");
  // [schedule program]
  builder.stream<std::string, std::string>("clicks").process<Pulse>().to("pulse");
  // [schedule program end]

  expect(R"(
    clicks ann hats @5    ->  pulse records 1 @5
    clicks ann hats @9    ->  nothing
    clicks ann hats @12   ->  pulse records 2 @12
    clicks ann hats @57   ->  pulse records 1 @57
    clicks ann hats @8    ->  nothing
    wall +59              ->  nothing
    wall +1               ->  pulse idle 1 @60
    wall +60              ->  nothing
  )");
}

// [context]
// Prints what a processor can ask.
class Curious : public Processor<std::string, std::string> {
 public:
  void init(Context& context) override {
    std::cout << context.application_id() << ", task " << to_string(context.task_id()) << ", limit "
              << context.app_configs().at("limit") << '\n';
    seen_ = &context.metrics().rate_and_total("shop", "clicks", "seen");
  }
  void process(const Record<std::string, std::string>& click) override {
    seen_->record();
    std::cout << "at " << click.timestamp().milliseconds() << ", stream time "
              << context().stream_time().milliseconds() << ", clock "
              << context().wall_time().milliseconds() << '\n';
    context().request_commit();
  }

 private:
  RateSensor* seen_ = nullptr;
};
// [context end]

TEST_F(Processors, Context) {
  driver_options.initial_wall_clock_time = Timestamp{100s};
  // [context program]
  config.app["limit"] = "7";
  builder.stream<std::string, std::string>("clicks").process<Curious>();
  // [context program end]

  expect(R"(
    clicks ann hats @5   ->  prints "at 5000, stream time 5000, clock 100000"
    clicks ann hats @3   ->  prints "at 3000, stream time 5000, clock 100000"
  )");
}

}  // namespace
}  // namespace moldau::test
