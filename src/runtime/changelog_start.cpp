#include "runtime/changelog_start.h"

#include "moldau/base/error.h"

#include "runtime/changelog_check.h"

#include <algorithm>
#include <chrono>

namespace moldau::inline v0::runtime {

namespace {

ChangelogRetention retention_of(const TaskPlan::Store& store) {
  ChangelogRetention retention;
  // The task itself reads its input from where it stopped, however long ago that was.
  if (!store.writes_changelog) retention.tombstones = std::chrono::milliseconds::max();
  const state::StoreSpec& spec = store.plan->spec;
  const auto policy = spec.changelog_config.find("cleanup.policy");
  retention.deletes_old_segments =
      policy != spec.changelog_config.end() && policy->second.find("delete") != std::string::npos;
  if (const auto kept = spec.changelog_config.find("delete.retention.ms");
      kept != spec.changelog_config.end()) {
    retention.tombstones = std::chrono::milliseconds{std::stoll(kept->second)};
  }
  return retention;
}

}  // namespace

std::string describe_store(const StreamTask& task, const StreamTask::Store& store) {
  return "task " + to_string(task.id()) + ", store \"" + store.plan->plan->spec.name +
         "\", changelog " + to_string(*store.plan->changelog);
}

std::optional<Offset> begin_of(const StreamTask& task, const StreamTask::Store& store,
                               const kafka::OffsetRange& log, Timestamp now, bool rebuild_truncated,
                               Logger& logger) {
  using Action = ChangelogVerdict::Action;
  const ChangelogVerdict verdict =
      check_changelog(store.store->committed_position(), log, retention_of(*store.plan), now);
  const std::string message = describe_store(task, store) + ": " + verdict.reason;
  if (verdict.action == Action::data_was_lost) {
    if (!rebuild_truncated) {
      throw StateStoreError(message +
                            ". Acknowledged data is gone. To go on with what the changelog still "
                            "holds, set changelog.truncated=rebuild");
    }
    logger.error(message + "; rebuilding from what is left, as changelog.truncated says");
    return std::nullopt;
  }
  const bool rebuild = verdict.action == Action::rebuild;
  if (!verdict.reason.empty()) logger.warning(message + (rebuild ? "; rebuilding it" : ""));
  return rebuild ? std::nullopt : std::optional{verdict.from};
}

Offset restore_target(const StreamTask& task, const StreamTask::Store& store,
                      const kafka::OffsetRange& log) {
  if (store.plan->writes_changelog) return log.end;
  const std::optional<std::size_t> input = task.input_of(*store.plan->changelog);
  if (!input) return log.end;
  return std::clamp(task.start_offset(*input).value_or(log.start), log.start, log.end);
}

}  // namespace moldau::inline v0::runtime
