#include "runtime/task_claims.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace moldau::runtime {
namespace {

constexpr TaskId wanted{SubtopologyId{0}, PartitionId{1}};

TEST(TaskClaims, AreOfOneAtATime) {
  TaskClaims claims;
  std::optional<TaskClaim> first = claims.claim(wanted);
  ASSERT_TRUE(first);
  EXPECT_FALSE(claims.claim(wanted));
  EXPECT_TRUE(claims.claim({SubtopologyId{0}, PartitionId{2}}));

  first->release();

  EXPECT_TRUE(claims.claim(wanted));
}

TEST(TaskClaims, EndWithTheObjectThatTheyMovedTo) {
  TaskClaims claims;
  {
    TaskClaim moved;
    moved = *claims.claim(wanted);
    EXPECT_FALSE(claims.claim(wanted));
  }
  EXPECT_TRUE(claims.claim(wanted));
}

}  // namespace
}  // namespace moldau::runtime
