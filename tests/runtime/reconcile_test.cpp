#include "runtime/reconcile.h"

#include <gtest/gtest.h>

namespace moldau::runtime {
namespace {

TaskId task(std::int32_t subtopology, std::int32_t partition) {
  return {SubtopologyId{subtopology}, PartitionId{partition}};
}

TEST(Reconcile, WhatIsNotInTheTargetIsRevokedAndWhatIsNewIsCreated) {
  const ReconcilePlan plan = reconcile({task(0, 0), task(0, 1)}, {task(0, 1), task(1, 0)});

  EXPECT_EQ(plan, (ReconcilePlan{.revoke = {task(0, 0)}, .create = {task(1, 0)}}));
}

TEST(Reconcile, TheSameTasksNeedNothing) {
  EXPECT_EQ(reconcile({task(0, 0)}, {task(0, 0)}), ReconcilePlan{});
}

TEST(Reconcile, AnEmptyTargetRevokesEverything) {
  EXPECT_EQ(reconcile({task(0, 0), task(2, 3)}, {}),
            (ReconcilePlan{.revoke = {task(0, 0), task(2, 3)}, .create = {}}));
}

}  // namespace
}  // namespace moldau::runtime
