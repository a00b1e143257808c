// suppress(until_window_closes()) over random streams: each window is handed on once, whole, by the
// record that closes it.

#include "properties/windows_model.h"
#include "properties/windows_run.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace moldau::test {
namespace {

using Parameters = std::tuple<WindowKind, bool>;

class SuppressedWindows : public ::testing::TestWithParam<Parameters> {
 protected:
  static constexpr int tries = 40;

  // The numbers of the tries that came out differently from the model.
  static std::vector<int> wrong_tries(Semantics semantics) {
    const auto [kind, cached] = GetParam();
    Random random{test_seed()};
    std::vector<int> wrong;
    for (int i = 0; i < tries; ++i) {
      const WindowProgram program = random_windows(random, kind);
      const std::vector<WindowInput> inputs = random_inputs(random, program);
      const WindowRun run{.cache_bytes = cached ? std::size_t{1} << 20 : 0,
                          .emit = EmitStrategy::on_window_update,
                          .semantics = semantics,
                          .suppressed = true};

      const WindowAnswer seen = run_windows(program, run, inputs);

      const WindowAnswer expected = model(program, inputs);
      if (seen.closed != expected.closed || seen.dropped != expected.dropped) wrong.push_back(i);
    }
    return wrong;
  }
};

TEST_P(SuppressedWindows, AreHandedOnOnceAndWhenTheyClose) {
  EXPECT_EQ(wrong_tries(Semantics::complete), std::vector<int>{});
}

// docs/differences.md: those whose end belongs to them, a millisecond too soon and so
// perhaps twice.
TEST_P(SuppressedWindows, AreHandedOnTooSoonUnderTheReferencesSemanticsIfTheirEndIsTheirs) {
  const WindowKind kind = std::get<WindowKind>(GetParam());
  const bool end_is_theirs = kind == WindowKind::sliding || kind == WindowKind::session;

  EXPECT_NE(wrong_tries(Semantics::kafka_streams_4_3).empty(), end_is_theirs);
}

Text name_of(const ::testing::TestParamInfo<Parameters>& info) {
  const auto [kind, cached] = info.param;
  const char* const kinds[] = {"Tumbling", "Hopping", "Sliding", "Session"};
  return Text{kinds[static_cast<int>(kind)]} + (cached ? "Cached" : "");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SuppressedWindows,
    ::testing::Combine(::testing::Values(WindowKind::tumbling, WindowKind::hopping,
                                         WindowKind::sliding, WindowKind::session),
                       ::testing::Bool()),
    name_of);

}  // namespace
}  // namespace moldau::test
