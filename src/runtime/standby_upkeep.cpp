#include "runtime/standby_upkeep.h"

#include "runtime/back_off.h"

#include <algorithm>

namespace moldau::inline v0::runtime {

namespace {
constexpr std::chrono::seconds least_limit_interval{1};
constexpr std::chrono::minutes age_interval{10};
}  // namespace

StandbyUpkeep::StandbyUpkeep(const Clock& clock, std::chrono::milliseconds limit_interval)
    : clock_(clock),
      limit_interval_(std::max<Clock::Steady::duration>(limit_interval, least_limit_interval)),
      limits_due_(clock.steady()),
      ages_due_(clock.steady() + age_interval) {}

bool StandbyUpkeep::raise_limits(kafka::Consumer& consumer, const Stores& standbys,
                                 std::chrono::milliseconds may_block) {
  const Clock::Steady now = clock_.steady();
  if (now < limits_due_) return false;
  limits_due_ = now + limit_interval_;
  std::vector<TopicPartition> inputs;
  for (const RestoringTask::Store* store : standbys) {
    if (store->follower.is_input()) inputs.push_back(store->follower.changelog());
  }
  if (inputs.empty()) return false;
  const Result<std::vector<kafka::CommittedOffset>> committed =
      consumer.committed(inputs, may_block);
  if (!committed) {
    // Mostly a transaction is not decided yet: that is soon over, and nobody waits for a standby.
    limits_due_ = now + back_off;
    return false;
  }
  bool reads_on = false;
  for (RestoringTask::Store* store : standbys) {
    ChangelogFollower& follower = store->follower;
    const auto found =
        std::ranges::find(*committed, follower.changelog(), &kafka::CommittedOffset::partition);
    if (!follower.is_input() || found == committed->end()) continue;
    const bool did_read = follower.reads();
    follower.raise_limit(found->next);
    reads_on = reads_on || (!did_read && follower.reads());
  }
  return reads_on;
}

std::vector<StandbyUpkeep::Failure> StandbyUpkeep::confirm_ages(kafka::Admin& admin,
                                                                const Stores& standbys,
                                                                std::chrono::milliseconds timeout) {
  const Clock::Steady now = clock_.steady();
  if (now < ages_due_) return {};
  ages_due_ = now + age_interval;
  if (standbys.empty()) return {};
  std::vector<TopicPartition> changelogs;
  for (const RestoringTask::Store* store : standbys) {
    changelogs.push_back(store->follower.changelog());
  }
  const Timestamp wall = clock_.wall();
  const Result<std::vector<kafka::OffsetRange>> logs =
      admin.list_offsets(changelogs, kafka::Isolation::read_uncommitted, timeout);
  if (!logs) return {};  // the next time does as well
  std::vector<Failure> failures;
  for (std::size_t i = 0; i < standbys.size(); ++i) {
    try {
      standbys[i]->follower.confirm((*logs)[i].end, wall);
    } catch (...) {
      failures.push_back({standbys[i], std::current_exception()});
    }
  }
  return failures;
}

}  // namespace moldau::inline v0::runtime
