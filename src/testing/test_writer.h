#pragma once

#include "moldau/state/write_context.h"
#include "moldau/testing/manual_clock.h"

namespace moldau::inline v0::testing {

// Writes to stores on behalf of the test. The clock must outlive it.
class TestWriter final : public state::WriteContext {
 public:
  explicit TestWriter(const ManualClock& clock) : clock_(clock) {}

  [[nodiscard]] RecordContext current() const override { return {.timestamp = clock_.wall()}; }
  void end_iterators() noexcept { begin_turn(); }

 private:
  const ManualClock& clock_;
};

}  // namespace moldau::inline v0::testing
