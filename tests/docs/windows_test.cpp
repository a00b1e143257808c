#include "docs/snippet.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace moldau::test {
namespace {

class Windows : public Snippet {
 protected:
  Windows() {
    input<std::string, std::int64_t>("payments");
    windows_of(10s);
  }
  void windows_of(std::chrono::milliseconds size) {
    for (const char* topic : {"counts", "totals", "highest"}) {
      output<Windowed<std::string>, std::int64_t>(topic, time_windowed_serde<std::string>(size));
    }
  }
};

TEST_F(Windows, Count) {
  // [windowed count]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 10s, .grace = 5s})
      .count({.name = "payments-per-window"})
      .to_stream()
      .to("counts");
  // [windowed count end]

  expect(R"(
    payments ann 5 @1   ->  counts ann[0..10] 1 @1
    payments ann 7 @10  ->  counts ann[10..20] 1 @10
    payments ann 7 @9   ->  counts ann[0..10] 2 @9
    payments ben - @14  ->  counts ben[10..20] 1 @14
    payments ben 3 @15  ->  counts ben[10..20] 2 @15
    payments ann 7 @9   ->  dropped
    payments - 7 @16    ->  dropped
  )");
}

TEST_F(Windows, Hopping) {
  // [hopping windows]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 10s, .advance = 5s})
      .count()
      .to_stream()
      .to("counts");
  // [hopping windows end]

  expect(R"(
    payments ann 5 @7   ->  counts ann[0..10] 1 @7, counts ann[5..15] 1 @7
    payments ann 5 @12  ->  counts ann[5..15] 2 @12, counts ann[10..20] 1 @12
    payments ann 5 @8   ->  counts ann[5..15] 3 @12, dropped
  )");
}

TEST_F(Windows, Reduce) {
  // [windowed reduce]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 10s})
      .reduce([](std::int64_t highest, std::int64_t amount) { return std::max(highest, amount); })
      .to_stream()
      .to("highest");
  // [windowed reduce end]

  expect(R"(
    payments ann 5 @8   ->  highest ann[0..10] 5 @8
    payments ann 9 @2   ->  highest ann[0..10] 9 @8
    payments ann 1 @10  ->  highest ann[10..20] 1 @10
    payments ann 5 @9   ->  dropped
    payments - 5 @11    ->  dropped
  )");
}

TEST_F(Windows, Aggregate) {
  // [windowed aggregate]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 10s})
      .aggregate([] { return std::int64_t{0}; },
                 [](std::int64_t total, const std::int64_t* amount) -> std::optional<std::int64_t> {
                   if (amount == nullptr) return std::nullopt;
                   return total + *amount;
                 })
      .to_stream()
      .to("totals");
  // [windowed aggregate end]

  expect(R"(
    payments ann 5 @8   ->  totals ann[0..10] 5 @8
    payments ann 9 @2   ->  totals ann[0..10] 14 @8
    payments ann - @9   ->  totals ann[0..10] - @9
    payments ann 1 @10  ->  totals ann[10..20] 1 @10
    payments ann 9 @9   ->  dropped
    payments - 5 @11    ->  dropped
  )");
}

TEST_F(Windows, Sliding) {
  // [sliding windows]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(SlidingWindows{.time_difference = 10s, .grace = 5s})
      .aggregate([] { return std::int64_t{0}; },
                 [](std::int64_t total, std::int64_t amount) { return total + amount; })
      .to_stream()
      .to("totals");
  // [sliding windows end]

  expect(R"(
    payments ann 1 @20   ->  totals ann[10..20] 1 @20
    payments ann 2 @25   ->  totals ann[20.001..30.001] 2 @25, totals ann[15..25] 3 @25
    payments ann 4 @40   ->  totals ann[30..40] 4 @40
    payments ann 8 @24   ->  dropped
    payments ann - @41   ->  dropped
    payments - 1 @42     ->  dropped
  )");
}

TEST_F(Windows, Unlimited) {
  // [unlimited windows]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(UnlimitedWindows{.start = Timestamp{10s}})
      .count()
      .to_stream()
      .to("counts");
  // [unlimited windows end]
  windows_of(Timestamp::max() - Timestamp{10s});

  expect(R"(
    payments ann 5 @9    ->  nothing
    payments ann 5 @12   ->  counts ann[10..forever] 1 @12
    payments ann 5 @999  ->  counts ann[10..forever] 2 @999
    payments ann 5 @11   ->  counts ann[10..forever] 3 @999
    payments - 5 @12     ->  dropped
  )");
}

TEST_F(Windows, FinalResults) {
  // [emit_strategy]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(TimeWindows{.size = 10s, .grace = 5s})
      .emit_strategy(EmitStrategy::on_window_close)
      .count()
      .to_stream()
      .to("counts");
  // [emit_strategy end]

  expect(R"(
    payments ann 5 @1    ->  nothing
    payments ann 5 @12   ->  nothing
    payments ann 5 @9    ->  nothing
    payments ben 5 @15   ->  counts ann[0..10] 2 @9
    payments ann 5 @9    ->  dropped
    payments ben 5 @60   ->  counts ann[10..20] 1 @12, counts ben[10..20] 1 @15
    payments - 5 @70     ->  dropped
  )");
}

// [own windows]
// From noon to noon.
struct NoonToNoon {
  std::vector<Window> windows_for(Timestamp time) const {
    const std::int64_t day = (time.milliseconds() + half_day) / (2 * half_day);
    const Timestamp start{std::max<std::int64_t>(0, day * 2 * half_day - half_day)};
    return {{start, Timestamp{day * 2 * half_day + half_day}}};
  }
  std::chrono::milliseconds size() const { return 24h; }
  std::chrono::milliseconds grace() const { return 1h; }

  static constexpr std::int64_t half_day = 12 * 3600 * 1000;
};
// [own windows end]

TEST_F(Windows, OfOnesOwn) {
  windows_of(24h);
  // [windowed_by own]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(NoonToNoon{})
      .count()
      .to_stream()
      .to("counts");
  // [windowed_by own end]

  expect(R"(
    payments ann 5 @43200    ->  counts ann[43200..129600] 1 @43200
    payments ann 5 @129599   ->  counts ann[43200..129600] 2 @129599
    payments ann 5 @133199   ->  counts ann[129600..216000] 1 @133199
    payments ann 5 @129000   ->  counts ann[43200..129600] 3 @129599
    payments ann 5 @133200   ->  counts ann[129600..216000] 2 @133200
    payments ann 5 @129000   ->  dropped
  )");
}

class Sessions : public Snippet {
 protected:
  Sessions() {
    input<std::string, std::int64_t>("payments");
    output<Windowed<std::string>, std::int64_t>("counts", session_windowed_serde<std::string>());
    output<Windowed<std::string>, std::int64_t>("highest", session_windowed_serde<std::string>());
    output<Windowed<std::string>, std::string>("paths", session_windowed_serde<std::string>());
  }
};

TEST_F(Sessions, Count) {
  // [session count]
  builder.stream<std::string, std::string>("clicks")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 10s, .grace = 5s})
      .count({.name = "clicks-per-session"})
      .to_stream()
      .to("counts");
  // [session count end]

  expect(R"(
    clicks ann hats @10   ->  counts ann[10..10] 1 @10
    clicks ann - @20      ->  counts ann[10..10] - @10, counts ann[10..20] 2 @20
    clicks ann hats @34   ->  counts ann[34..34] 1 @34
    clicks ann hats @26   ->  counts ann[10..20] - @20, counts ann[34..34] - @34,
                              counts ann[10..34] 4 @34
    clicks ben hats @90   ->  counts ben[90..90] 1 @90
    clicks ann hats @34   ->  dropped
    clicks - hats @91     ->  dropped
  )");
}

TEST_F(Sessions, Reduce) {
  // [session reduce]
  builder.stream<std::string, std::int64_t>("payments")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 10s})
      .reduce([](std::int64_t highest, std::int64_t amount) { return std::max(highest, amount); })
      .to_stream()
      .to("highest");
  // [session reduce end]

  expect(R"(
    payments ann 5 @10  ->  highest ann[10..10] 5 @10
    payments ann 9 @15  ->  highest ann[10..10] - @10, highest ann[10..15] 9 @15
    payments ann 1 @40  ->  highest ann[40..40] 1 @40
    payments ann 1 @15  ->  dropped
    payments - 1 @41    ->  dropped
  )");
}

TEST_F(Sessions, Aggregate) {
  // [session aggregate]
  builder.stream<std::string, std::string>("clicks")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 10s})
      .aggregate([] { return std::string{}; },
                 [](std::string path, const std::string& page) { return path + "/" + page; },
                 [](std::string path, const std::string& later) { return path + later; })
      .to_stream()
      .to("paths");
  // [session aggregate end]

  expect(R"(
    clicks ann main @10    ->  paths ann[10..10] /main @10
    clicks ann hats @15    ->  paths ann[10..10] - @10, paths ann[10..15] /main/hats @15
    clicks ann main @40    ->  paths ann[40..40] /main @40
    clicks ann late @15    ->  dropped
    clicks - main @41      ->  dropped
  )");
}

TEST_F(Sessions, FinalResults) {
  // [session emit_strategy]
  builder.stream<std::string, std::string>("clicks")
      .group_by_key()
      .windowed_by(SessionWindows{.inactivity_gap = 10s, .grace = 5s})
      .emit_strategy(EmitStrategy::on_window_close)
      .count()
      .to_stream()
      .to("counts");
  // [session emit_strategy end]

  expect(R"(
    clicks ann hats @10   ->  nothing
    clicks ann hats @20   ->  nothing
    clicks ben hats @35   ->  nothing
    clicks ben hats @36   ->  counts ann[10..20] 2 @20
    clicks ann hats @20   ->  dropped
  )");
}

}  // namespace
}  // namespace moldau::test
