// suppress(until_window_closes()) over random streams: each window is handed on once, whole, by the
// record that closes it.

#include "properties/windows_model.h"
#include "properties/windows_run.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace moldau::test {
namespace {

using Parameters = std::tuple<WindowKind, bool>;

class SuppressedWindows : public ::testing::TestWithParam<Parameters> {
 protected:
  // The number of the first of `tries` that comes out differently from the model.
  static std::optional<int> wrong_try(Semantics semantics, int tries) {
    const auto [kind, cached] = GetParam();
    Random random{test_seed()};
    for (int i = 0; i < tries; ++i) {
      const WindowProgram program = random_windows(random, kind);
      const std::vector<WindowInput> inputs = random_inputs(random, program);
      const WindowRun run{.cache_bytes = cached ? std::size_t{1} << 20 : 0,
                          .emit = EmitStrategy::on_window_update,
                          .semantics = semantics,
                          .suppressed = true};

      const WindowAnswer seen = run_windows(program, run, inputs);

      const WindowAnswer expected = model(program, inputs);
      if (seen.closed != expected.closed || seen.dropped != expected.dropped) return i;
    }
    return std::nullopt;
  }
};

TEST_P(SuppressedWindows, AreHandedOnOnceAndWhenTheyClose) {
  EXPECT_EQ(wrong_try(Semantics::complete, random_tries(40)), std::nullopt);
}

// docs/differences.md: those whose end belongs to them, a millisecond too soon and so
// perhaps twice.
TEST_P(SuppressedWindows, AreHandedOnTooSoonUnderTheReferencesSemanticsIfTheirEndIsTheirs) {
  const WindowKind kind = std::get<WindowKind>(GetParam());
  const bool end_is_theirs = kind == WindowKind::sliding || kind == WindowKind::session;

  EXPECT_EQ(
      wrong_try(Semantics::kafka_streams_4_3, end_is_theirs ? 200 : random_tries(40)).has_value(),
      end_is_theirs);
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
