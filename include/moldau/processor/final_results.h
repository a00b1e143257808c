#pragma once

#include "moldau/base/clock.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/processor/task_context.h"
#include "moldau/processor/windows.h"
#include "moldau/state/window_rows.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace moldau::inline v0::processor {

// Decides which windows an emit-on-close aggregation hands on, and when. Every window between the
// close time of the last emission and the one now is due: the rows are found by time, in the store.
// The close time is committed with the offsets, so that another instance goes on there.
//
// The reference emits after a record has changed the store. By then the store may have forgotten
// windows that the same record has closed, and those are lost. With complete semantics windows are
// emitted before the record changes anything, and none is forgotten before: see due().
//
// Owned by one node.
class MOLDAU_EXPORT FinalResults {
 public:
  // `windows`: of windows that lie fixed on the time line; null for others.
  FinalResults(const WindowTimes& times, std::shared_ptr<const WindowAssigner> windows)
      : times_(times), windows_(std::move(windows)) {}

  // `store` is where the rows are, and names what is committed.
  void open(TaskContext& context, std::string store, WindowClock& clock);
  // Goes on from what the task has committed. `clock` is that of the node, and has seen nothing.
  void resume(WindowClock& clock);

  // True if windows are emitted before a record changes the store, false for after.
  [[nodiscard]] bool come_first() const noexcept { return complete_; }

  // The rows to emit now: by their starts, those of sessions by their ends. nullopt: none, or not
  // yet: there is an interval between attempts, so that a burst of records does not search the
  // store each time. With complete semantics it is cut short when the store is about to forget a
  // window: once it holds a row at `newest`, the highest time this record may put.
  [[nodiscard]] std::optional<state::TimeSpan> due(const WindowClock& clock, Timestamp newest);

  // Those rows have been handed on.
  void emitted(const WindowClock& clock);

 private:
  [[nodiscard]] std::optional<state::TimeSpan> closed_by(Timestamp close_time);
  [[nodiscard]] bool progressed(Timestamp close_time) const noexcept;
  [[nodiscard]] bool interval_is_over();

  WindowTimes times_;
  std::shared_ptr<const WindowAssigner> windows_;  // shared by the nodes of all tasks; immutable
  TaskContext* context_ = nullptr;
  std::string store_;
  bool complete_ = false;
  std::chrono::milliseconds interval_{0};
  std::optional<Timestamp> last_;  // close time of the last emission
  Timestamp next_attempt_{0};      // by the wall clock
  std::vector<Window> newly_;
  std::vector<Window> already_;
};

}  // namespace moldau::inline v0::processor
