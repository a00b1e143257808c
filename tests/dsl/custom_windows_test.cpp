// Windows of the user's own: calendar days in a time zone, two of which a year are not of 24 hours.

#include "dsl/window_fixture.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace moldau::test {
namespace {

using std::chrono::sys_days;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono;

// The days of Berlin in 2024 and 2025.
class BerlinDays {
 public:
  explicit BerlinDays(milliseconds grace = {}) : grace_(grace) {}

  // The one day of that time.
  [[nodiscard]] std::array<Window, 1> windows_for(Timestamp time) const {
    const auto local = time.milliseconds() * 1ms + offset(time);
    const auto midnight = floor<days>(local);
    return {Window{.start = to_utc(midnight), .end = to_utc(midnight + days{1})}};
  }
  [[nodiscard]] milliseconds size() const { return 25h; }
  [[nodiscard]] milliseconds grace() const { return grace_; }

 private:
  static Timestamp at(sys_days day, hours hour) {
    return Timestamp{duration_cast<milliseconds>(day.time_since_epoch() + hour)};
  }
  // From UTC to local time.
  static hours offset(Timestamp time) {
    struct Summer {
      Timestamp from;
      Timestamp to;
    };
    static const std::array summers{
        Summer{at(sys_days{2024y / March / 31}, 1h), at(sys_days{2024y / October / 27}, 1h)},
        Summer{at(sys_days{2025y / March / 30}, 1h), at(sys_days{2025y / October / 26}, 1h)}};
    const bool summer = std::ranges::any_of(
        summers, [&](const Summer& each) { return each.from <= time && time < each.to; });
    return summer ? 2h : 1h;
  }
  // Of a local midnight, when no clock in Berlin is ever changed.
  static Timestamp to_utc(milliseconds local) {
    const Timestamp in_winter{local - 1h};
    return offset(in_winter) == 1h ? in_winter : Timestamp{local - 2h};
  }

  milliseconds grace_;
};
static_assert(CustomWindows<BerlinDays>);

// By the clocks of Greenwich.
milliseconds utc(year_month_day day, hours hour, minutes minute = 0min) {
  return duration_cast<milliseconds>(sys_days{day}.time_since_epoch() + hour + minute);
}

// `BerlinDays` without lengths of 24 hours only: what must be told is the length of each.
class CustomWindowsOfDays : public ::testing::Test {
 protected:
  void run(const BerlinDays& windows) {
    StreamsBuilder builder;
    values_in(builder.stream<Text, Text>("in").group_by_key(), windows)
        .to_stream()
        .map([](const Windowed<Text>& key, const Text& values) {
          const auto [start, end] = key.window;
          const auto length = duration_cast<hours>(end - start).count();
          return KeyValue<Text, Text>{key.key, std::to_string(length) + "h " + values};
        })
        .to("out");
    driver_ = std::make_unique<testing::TopologyTestDriver>(builder.build());
  }

  std::vector<std::optional<Text>> pipe(const Text& value, milliseconds time) {
    driver_->input_topic<Text, Text>("in").pipe("a", value, Timestamp{time});
    return driver_->output_topic<Text, Text>("out").read_values();
  }

  std::unique_ptr<testing::TopologyTestDriver> driver_;
};

TEST_F(CustomWindowsOfDays, BeginAtLocalMidnight) {
  run(BerlinDays{24h});

  EXPECT_THAT(pipe("x", utc(2025y / January / 14, 22h, 59min)), ElementsAre("24h x"));
  EXPECT_THAT(pipe("y", utc(2025y / January / 14, 23h)), ElementsAre("24h y"));
  EXPECT_THAT(pipe("z", utc(2025y / January / 15, 22h, 59min)), ElementsAre("24h yz"));
}

TEST_F(CustomWindowsOfDays, Have23HoursWhenSummerTimeBegins) {
  run(BerlinDays{24h});

  EXPECT_THAT(pipe("x", utc(2025y / March / 29, 23h)), ElementsAre("23h x"));
  EXPECT_THAT(pipe("y", utc(2025y / March / 30, 21h, 59min)), ElementsAre("23h xy"));
  EXPECT_THAT(pipe("z", utc(2025y / March / 30, 22h)), ElementsAre("24h z"));
}

TEST_F(CustomWindowsOfDays, Have25HoursWhenSummerTimeEnds) {
  run(BerlinDays{24h});

  EXPECT_THAT(pipe("x", utc(2025y / October / 25, 22h)), ElementsAre("25h x"));
  EXPECT_THAT(pipe("y", utc(2025y / October / 26, 22h, 59min)), ElementsAre("25h xy"));
  EXPECT_THAT(pipe("z", utc(2025y / October / 26, 23h)), ElementsAre("24h z"));
}

TEST_F(CustomWindowsOfDays, CloseAtTheirOwnEnd) {
  run(BerlinDays{});
  pipe("x", utc(2025y / March / 29, 23h));
  pipe("y", utc(2025y / March / 30, 22h));

  EXPECT_THAT(pipe("late", utc(2025y / March / 30, 21h, 59min)), ElementsAre());
  EXPECT_EQ(driver_->metric("dropped-records-total"), 1);
}

TEST_F(CustomWindowsOfDays, KeepTheLongestDayAsLongAsItIsOpen) {
  run(BerlinDays{1h});
  pipe("x", utc(2025y / October / 25, 22h));
  pipe("other", utc(2025y / October / 26, 23h, 59min));

  EXPECT_THAT(pipe("y", utc(2025y / October / 26, 22h, 59min)), ElementsAre("25h xy"));
}

TEST(CustomWindowsThatAreWrong, HaveNoFinalResult) {
  StreamsBuilder builder;
  const auto grouped = builder.stream<Text, Text>("in").group_by_key();

  try {
    values_in(grouped, BerlinDays{}, EmitStrategy::on_window_close);
    FAIL();
  } catch (const TopologyError& error) {
    EXPECT_THAT(error.what(), HasSubstr("windows of your own may have different lengths"));
  }
}

struct TooShortBySize {
  [[nodiscard]] static std::vector<Window> windows_for(Timestamp time) {
    return {{.start = time, .end = time + 11ms}};
  }
  [[nodiscard]] static milliseconds size() { return 10ms; }
  [[nodiscard]] static milliseconds grace() { return 0ms; }
};

struct BeforeTheEpoch {
  [[nodiscard]] static std::vector<Window> windows_for(Timestamp time) {
    return {{.start = time - 1ms, .end = time + 1ms}};
  }
  [[nodiscard]] static milliseconds size() { return 10ms; }
  [[nodiscard]] static milliseconds grace() { return 0ms; }
};

template <class Windows>
Text failure_at(const Windows& windows, milliseconds time) {
  StreamsBuilder builder;
  values_in(builder.stream<Text, Text>("in").group_by_key(), windows);
  testing::TopologyTestDriver driver{builder.build()};
  try {
    driver.input_topic<Text, Text>("in").pipe("a", "x", Timestamp{time});
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(CustomWindowsThatAreWrong, AreLongerThanTheySay) {
  EXPECT_THAT(failure_at(TooShortBySize{}, 5ms),
              HasSubstr("windows_for(5) gave the window 5-16, which is longer than size() says, 10 "
                        "ms"));
}

TEST(CustomWindowsThatAreWrong, StartBeforeTheEpoch) {
  EXPECT_EQ(failure_at(BeforeTheEpoch{}, 1ms), "none");
  EXPECT_THAT(failure_at(BeforeTheEpoch{}, 0ms),
              HasSubstr("windows_for(0) gave the window -1-1, which starts before the epoch"));
}

}  // namespace
}  // namespace moldau::test
