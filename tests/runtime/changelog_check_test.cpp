#include "runtime/changelog_check.h"

#include <gtest/gtest.h>

namespace moldau::runtime {
namespace {

using namespace std::chrono_literals;
using Action = ChangelogVerdict::Action;

constexpr Timestamp read_at{1'700'000'000'000};
const kafka::OffsetRange log{.start = Offset{10}, .end = Offset{100}};

state::ChangelogPosition position(std::int64_t next, std::chrono::milliseconds age = 1min) {
  return {.next = Offset{next}, .as_of = read_at - age, .topic_id = {}};
}

TEST(ChangelogCheck, AStoreWithoutAPositionReadsTheWholeLog) {
  const ChangelogVerdict verdict = check_changelog(std::nullopt, log, {}, read_at);

  EXPECT_EQ(verdict.action, Action::replay);
  EXPECT_EQ(verdict.from, Offset{10});
}

TEST(ChangelogCheck, AStoreReplaysFromItsPosition) {
  const ChangelogVerdict verdict = check_changelog(position(40), log, {}, read_at);

  EXPECT_EQ(verdict.action, Action::replay);
  EXPECT_EQ(verdict.from, Offset{40});
  EXPECT_TRUE(verdict.reason.empty());
}

TEST(ChangelogCheck, APositionAtTheEndIsUpToDate) {
  EXPECT_EQ(check_changelog(position(100), log, {}, read_at).action, Action::replay);
}

TEST(ChangelogCheck, APositionBeyondTheEndMeansThatAcknowledgedDataIsGone) {
  const ChangelogVerdict verdict = check_changelog(position(101), log, {}, read_at);

  EXPECT_EQ(verdict.action, Action::data_was_lost);
  EXPECT_NE(verdict.reason.find("101"), std::string::npos);
  EXPECT_NE(verdict.reason.find("100"), std::string::npos);
}

TEST(ChangelogCheck, APositionBeforeTheStartOfACompactedLogMeansARebuild) {
  EXPECT_EQ(check_changelog(position(9), log, {}, read_at).action, Action::rebuild);
}

TEST(ChangelogCheck, APositionBeforeTheStartOfAnExpiringLogGoesOnFromTheStart) {
  const ChangelogVerdict verdict =
      check_changelog(position(9), log, {.deletes_old_segments = true, .tombstones = 24h}, read_at);

  EXPECT_EQ(verdict.action, Action::replay);
  EXPECT_EQ(verdict.from, Offset{10});
}

TEST(ChangelogCheck, AStoreOlderThanTombstonesAreKeptIsRebuilt) {
  EXPECT_EQ(check_changelog(position(40, 23h + 1min), log, {}, read_at).action, Action::rebuild);
  EXPECT_EQ(check_changelog(position(40, 22h + 59min), log, {}, read_at).action, Action::replay);
}

}  // namespace
}  // namespace moldau::runtime
