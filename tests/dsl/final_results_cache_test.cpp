#include "dsl/table_fixture.h"

namespace moldau::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Which final results come through a cache shows where the reference loses them: a store that is
// written at once forgets what a leap of time leaves behind, one below a cache does not know yet.
class FinalResultsInACache : public TableTest {
 protected:
  template <class Windows>
  Texts results_of_a_leap(const Windows& windows, std::size_t cache) {
    start(
        [&windows](StreamsBuilder& builder) {
          builder.stream<Text, Text>("in")
              .group_by_key()
              .windowed_by(windows)
              .emit_strategy(EmitStrategy::on_window_close)
              .count()
              .to_stream()
              .map([](const Windowed<Text>& window, std::int64_t count) {
                return std::pair{window.key, std::to_string(count)};
              })
              .to("out");
        },
        Semantics::kafka_streams_4_3, cache);
    EXPECT_THAT(pipe("a", "x", 1ms), IsEmpty());
    return pipe("b", "x", 1h);
  }

  static constexpr std::size_t large = 1'000'000;
};

TEST_F(FinalResultsInACache, ThoseOfTimeWindowsAreKeptInOneAsInTheReference) {
  EXPECT_THAT(results_of_a_leap(TimeWindows{.size = 10ms}, large), ElementsAre("a=1@1"));
  EXPECT_THAT(results_of_a_leap(TimeWindows{.size = 10ms, .advance = 5ms}, large),
              ElementsAre("a=1@1"));
  EXPECT_THAT(results_of_a_leap(TimeWindows{.size = 10ms}, 0), IsEmpty());
}

TEST_F(FinalResultsInACache, ThoseOfSlidingWindowsAndSessionsAreNot) {
  EXPECT_THAT(results_of_a_leap(SlidingWindows{.time_difference = 10ms}, large), IsEmpty());
  EXPECT_THAT(results_of_a_leap(SessionWindows{.inactivity_gap = 10ms}, large), IsEmpty());
}

}  // namespace
}  // namespace moldau::test
