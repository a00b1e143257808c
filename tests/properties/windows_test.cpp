// Windowed aggregations over random streams end as a model says that looks at all records at once.

#include "properties/windows_model.h"
#include "properties/windows_run.h"
#include "test_seed.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace moldau::test {

// For GoogleTest's messages.
static void PrintTo(const WindowRow& row, std::ostream* out) {
  *out << row.key << "@" << row.start << "-" << row.end << " [" << row.values << "] at "
       << row.time;
}

namespace {

struct Try {
  WindowProgram program;
  WindowRun run;
  std::vector<WindowInput> inputs;
};

using Parameters = std::tuple<WindowKind, StoreType, bool>;

class Windows : public ::testing::TestWithParam<Parameters> {
 protected:
  [[nodiscard]] static int tries() {
    // Opening files takes longer than all the rest.
    return std::get<StoreType>(GetParam()) == StoreType::in_memory ? random_tries(40) : 10;
  }

  Try next(EmitStrategy emit, Semantics semantics = Semantics::complete) {
    const auto [kind, store, cached] = GetParam();
    Try made{.program = random_windows(random_, kind),
             .run = {.store = store,
                     .cache_bytes = cached ? std::size_t{1} << 20 : 0,
                     .emit = emit,
                     .semantics = semantics},
             .inputs = {}};
    if (between(random_, 0, 1) == 0) {
      made.run.segment_interval = std::chrono::milliseconds{between(random_, 1, 20)};
    }
    made.inputs = random_inputs(random_, made.program);
    return made;
  }

  [[nodiscard]] static Text shown(const Try& tried) {
    const WindowProgram& program = tried.program;
    Text text = "length " + std::to_string(program.length) + ", advance " +
                std::to_string(program.advance) + ", grace " + std::to_string(program.grace) +
                "; inputs:";
    for (const WindowInput& input : tried.inputs) {
      text += " " + input.key + input.value + "@" + std::to_string(input.time);
    }
    return text;
  }

  // Whether a try comes out differently from the model.
  bool differs(EmitStrategy emit, Semantics semantics) {
    for (int i = 0; i < 100; ++i) {
      const Try tried = next(emit, semantics);
      const WindowAnswer expected = model(tried.program, tried.inputs);
      const WindowAnswer seen = run_windows(tried.program, tried.run, tried.inputs);
      const bool same = emit == EmitStrategy::on_window_close ? seen.closed == expected.closed
                                                              : seen.rows == expected.rows;
      if (!same) return true;
    }
    return false;
  }

  Random random_{test_seed()};
};

TEST_P(Windows, ThatCloseAreEmittedOnceAndWhenTheyClose) {
  for (int i = 0; i < tries(); ++i) {
    const Try tried = next(EmitStrategy::on_window_close);

    const WindowAnswer seen = run_windows(tried.program, tried.run, tried.inputs);

    const WindowAnswer expected = model(tried.program, tried.inputs);
    ASSERT_EQ(seen.closed, expected.closed) << shown(tried);
    ASSERT_EQ(seen.dropped, expected.dropped) << shown(tried);
  }
}

TEST_P(Windows, HaveTheTotalsOfTheirRecords) {
  for (int i = 0; i < tries(); ++i) {
    const Try tried = next(EmitStrategy::on_window_update);

    const WindowAnswer seen = run_windows(tried.program, tried.run, tried.inputs);

    const WindowAnswer expected = model(tried.program, tried.inputs);
    ASSERT_EQ(seen.rows, expected.rows) << shown(tried);
    ASSERT_EQ(seen.dropped, expected.dropped) << shown(tried);
  }
}

Text name_of(const ::testing::TestParamInfo<Parameters>& info) {
  const auto [kind, store, cached] = info.param;
  const char* const kinds[] = {"Tumbling", "Hopping", "Sliding", "Session"};
  return Text{kinds[static_cast<int>(kind)]} +
         (store == StoreType::in_memory ? "Memory" : "RocksDb") + (cached ? "Cached" : "");
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Windows,
    ::testing::Combine(::testing::Values(WindowKind::tumbling, WindowKind::hopping,
                                         WindowKind::sliding, WindowKind::session),
                       ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                       ::testing::Bool()),
    name_of);

// Where the reference forgets windows before it has handed them on: not in the cache of its windows
// by time, which is looked through first.
class ForgottenWindows : public Windows {};

TEST_P(ForgottenWindows, AreLostOnALeapUnderTheReferencesSemantics) {
  EXPECT_TRUE(differs(EmitStrategy::on_window_close, Semantics::kafka_streams_4_3));
}

INSTANTIATE_TEST_SUITE_P(
    ByTime, ForgottenWindows,
    ::testing::Combine(::testing::Values(WindowKind::tumbling, WindowKind::hopping),
                       ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                       ::testing::Values(false)),
    name_of);
INSTANTIATE_TEST_SUITE_P(
    ByRecords, ForgottenWindows,
    ::testing::Combine(::testing::Values(WindowKind::sliding, WindowKind::session),
                       ::testing::Values(StoreType::in_memory, StoreType::rocksdb),
                       ::testing::Bool()),
    name_of);

// The reference's store hides them while they can still change.
class Sessions : public Windows {};

TEST_P(Sessions, ComeApartUnderTheReferencesSemantics) {
  EXPECT_TRUE(differs(EmitStrategy::on_window_update, Semantics::kafka_streams_4_3));
}

INSTANTIATE_TEST_SUITE_P(Kinds, Sessions,
                         ::testing::Combine(::testing::Values(WindowKind::session),
                                            ::testing::Values(StoreType::in_memory,
                                                              StoreType::rocksdb),
                                            ::testing::Bool()),
                         name_of);

}  // namespace
}  // namespace moldau::test
