#include "docs/snippet.h"

#include <iostream>

namespace moldau::test {
namespace {

class Stores : public Snippet {
 protected:
  Stores() { input<std::string, std::int64_t>("readings"); }
};

// [process processor]
// Counts the clicks of each user and says so every third time.
class EveryThird : public Processor<std::string, std::string, std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    clicks_ = context.key_value_store<std::string, std::int64_t>("clicks-of");
  }
  void process(const Record<std::string, std::string>& click) override {
    const std::int64_t clicks = clicks_.get(click.key()).value_or(0) + 1;
    clicks_.put(click.key(), clicks);
    if (clicks % 3 == 0) context().forward(click.with_value(clicks));
  }

 private:
  KeyValueStore<std::string, std::int64_t> clicks_;
};
// [process processor end]

TEST_F(Stores, Process) {
  output<std::string, std::int64_t>("milestones");
  // [process]
  auto clicks_of = persistent_key_value_store<std::string, std::int64_t>("clicks-of");
  builder.stream<std::string, std::string>("clicks")
      .process<EveryThird>({.name = "every-third", .stores = {clicks_of}})
      .to("milestones");
  // [process end]

  expect(R"(
    clicks ann hats @1   ->  nothing
    clicks ann caps @2   ->  nothing
    clicks ben hats @3   ->  nothing
    clicks ann - @4      ->  milestones ann 3 @4
    clicks - hats @5     ->  error
  )");
}

TEST_F(Stores, AddStateStore) {
  output<std::string, std::int64_t>("milestones");
  // [add_state_store]
  builder.add_state_store(in_memory_key_value_store<std::string, std::int64_t>("clicks-of"));
  builder.stream<std::string, std::string>("clicks")
      .process<EveryThird>({.stores = {"clicks-of"}})
      .to("milestones");
  // [add_state_store end]

  expect(R"(
    clicks ann hats @1   ->  nothing
    clicks ann caps @2   ->  nothing
    clicks ann ties @3   ->  milestones ann 3 @3
  )");
}

// [key value stores]
class KeyValueStores : public Processor<std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    highest_ = context.key_value_store<std::string, std::int64_t>("highest");
    last_ = context.timestamped_key_value_store<std::string, std::int64_t>("last");
    history_ = context.versioned_key_value_store<std::string, std::int64_t>("history");
  }

  void process(const Record<std::string, std::int64_t>& reading) override {
    const std::string& sensor = reading.key();
    const std::int64_t before = highest_.get(sensor).value_or(reading.value());
    highest_.put(sensor, std::max(before, reading.value()));

    const auto last = last_.get(sensor);
    last_.put(sensor, {reading.value(), reading.timestamp()});

    history_.put(sensor, reading.value(), reading.timestamp());
    const auto at_ten = history_.get(sensor, Timestamp{10s});

    std::cout << "highest";
    for (const auto& [key, value] : highest_.all()) std::cout << ' ' << key << '=' << value;
    if (last) std::cout << ", before " << last->value;
    if (at_ten) std::cout << ", at ten " << at_ten->value;
    std::cout << '\n';
  }

 private:
  KeyValueStore<std::string, std::int64_t> highest_;
  TimestampedKeyValueStore<std::string, std::int64_t> last_;
  VersionedKeyValueStore<std::string, std::int64_t> history_;
};
// [key value stores end]

TEST_F(Stores, KeyValue) {
  // [key value stores program]
  builder.stream<std::string, std::int64_t>("readings")
      .process<KeyValueStores>(
          {.stores = {
               persistent_key_value_store<std::string, std::int64_t>("highest"),
               in_memory_timestamped_key_value_store<std::string, std::int64_t>("last"),
               persistent_versioned_key_value_store<std::string, std::int64_t>("history", 1h)}});
  // [key value stores program end]

  expect(R"(
    readings b 5 @5    ->  prints "highest b=5, at ten 5"
    readings a 9 @12   ->  prints "highest a=9 b=5"
    readings b 4 @12   ->  prints "highest a=9 b=5, before 5, at ten 5"
    readings b 7 @8    ->  prints "highest a=9 b=7, before 4, at ten 7"
  )");
}

// [window stores]
class WindowStores : public Processor<std::string, std::int64_t> {
 public:
  void init(Context& context) override {
    minutes_ = context.window_store<std::string, std::int64_t>("minutes");
    peaks_ = context.timestamped_window_store<std::string, std::int64_t>("peaks");
    visits_ = context.session_store<std::string, std::int64_t>("visits");
  }

  void process(const Record<std::string, std::int64_t>& reading) override {
    const std::string& sensor = reading.key();
    const Timestamp now = reading.timestamp();
    const Timestamp minute{now.milliseconds() / 60'000 * 60'000};
    minutes_.put(sensor, minutes_.fetch(sensor, minute).value_or(0) + 1, minute);

    const auto peak = peaks_.fetch(sensor, minute);
    if (!peak || peak->value < reading.value()) peaks_.put(sensor, {reading.value(), now}, minute);

    Windowed<std::string> visit{sensor, {now, now}};
    std::int64_t total = reading.value();
    for (const auto& [session, value] : visits_.find_sessions(sensor, now - 30s, now + 30s)) {
      visit.window = {std::min(visit.window.start, session.window.start),
                      std::max(visit.window.end, session.window.end)};
      total += value;
      visits_.remove(session);
    }
    visits_.put(visit, total);

    std::cout << "per minute";
    for (const auto& [start, count] : minutes_.fetch(sensor, Timestamp{0}, now)) {
      std::cout << ' ' << count;
    }
    std::cout << ", peak " << peaks_.fetch(sensor, minute)->value << ", visit " << total << '\n';
  }

 private:
  WindowStore<std::string, std::int64_t> minutes_;
  TimestampedWindowStore<std::string, std::int64_t> peaks_;
  SessionStore<std::string, std::int64_t> visits_;
};
// [window stores end]

TEST_F(Stores, Windows) {
  // [window stores program]
  const WindowStoreShape minutes{.retention = 1h, .window_size = 60s};
  builder.stream<std::string, std::int64_t>("readings")
      .process<WindowStores>(
          {.stores = {
               persistent_window_store<std::string, std::int64_t>("minutes", minutes),
               persistent_timestamped_window_store<std::string, std::int64_t>("peaks", minutes),
               persistent_session_store<std::string, std::int64_t>("visits", 1h)}});
  // [window stores program end]

  expect(R"(
    readings a 5 @10     ->  prints "per minute 1, peak 5, visit 5"
    readings a 9 @50     ->  prints "per minute 2, peak 9, visit 9"
    readings a 1 @30     ->  prints "per minute 3, peak 9, visit 15"
    readings a 2 @70     ->  prints "per minute 3 1, peak 2, visit 17"
    readings b 2 @70     ->  prints "per minute 1, peak 2, visit 2"
    readings a 3 @9999   ->  prints "per minute 1, peak 3, visit 3"
  )");
}

// [session headers]
// Counts the clicks of a visit, and keeps the page that it began with beside the number.
class VisitsWithHeaders : public Processor<std::string, std::string> {
 public:
  void init(Context& context) override {
    visits_ = context.session_store_with_headers<std::string, std::int64_t>("visits");
  }

  void process(const Record<std::string, std::string>& click) override {
    const Timestamp now = click.timestamp();
    Windowed<std::string> visit{click.key(), {now, now}};
    ValueAndHeaders<std::int64_t> clicks{1, {{"first", ByteBuffer{Bytes{click.value()}}}}};
    for (const auto& [session, before] : visits_.find_sessions(click.key(), now - 30s, now + 30s)) {
      visit.window = {std::min(visit.window.start, session.window.start),
                      std::max(visit.window.end, session.window.end)};
      clicks = {clicks.value + before.value, before.headers};
      visits_.remove(session);
    }
    visits_.put(visit, clicks);
    std::cout << clicks.value << " from " << clicks.headers.last("first")->value->bytes().text()
              << '\n';
  }

 private:
  SessionStoreWithHeaders<std::string, std::int64_t> visits_;
};
// [session headers end]

TEST_F(Stores, SessionsWithHeaders) {
  // [session headers program]
  builder.stream<std::string, std::string>("clicks").process<VisitsWithHeaders>(
      {.stores = {
           persistent_session_store<std::string, std::int64_t>("visits", 1h, {.headers = true})}});
  // [session headers program end]

  expect(R"(
    clicks ann hats @10   ->  prints "1 from hats"
    clicks ann caps @30   ->  prints "2 from hats"
    clicks ann ties @99   ->  prints "1 from ties"
  )");
}

}  // namespace
}  // namespace moldau::test
