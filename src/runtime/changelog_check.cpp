#include "runtime/changelog_check.h"

#include "runtime/fault.h"

namespace moldau::inline v0::runtime {

namespace {

// The cleaner need not run on time, but it may: stop trusting tombstones an hour before they may
// go.
constexpr std::chrono::hours margin{1};

}  // namespace

ChangelogVerdict check_changelog(const std::optional<state::ChangelogPosition>& position,
                                 const kafka::OffsetRange& log, const ChangelogRetention& retention,
                                 Timestamp now) {
  using Action = ChangelogVerdict::Action;
  if (!position) return {.action = Action::replay, .from = log.start, .reason = {}};

  const std::string at = "its position is " + std::to_string(position->next.value()) +
                         ", the changelog holds " + std::to_string(log.start.value()) + " to " +
                         std::to_string(log.end.value());
  if (position->next > log.end) {
    return {.action = Action::data_was_lost,
            .from = log.start,
            .reason = at + ": the changelog was truncated, or deleted and made again"};
  }
  if (position->next < log.start) {
    if (retention.deletes_old_segments) {
      return {.action = Action::replay, .from = log.start, .reason = at + ": what expired is gone"};
    }
    return {.action = Action::rebuild,
            .from = log.start,
            .reason = at + ": records in between were deleted by hand"};
  }
  const bool too_old = now - position->as_of > retention.tombstones - margin;
  if (too_old && !MOLDAU_MUTATION("no-age-check")) {
    return {.action = Action::rebuild,
            .from = log.start,
            .reason =
                "its last commit is so old that the changelog may no longer show which keys "
                "were deleted since (delete.retention.ms)"};
  }
  return {.action = Action::replay, .from = position->next, .reason = {}};
}

}  // namespace moldau::inline v0::runtime
