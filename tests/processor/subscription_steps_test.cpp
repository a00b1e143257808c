#include "moldau/processor/subscription_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace moldau::processor {
namespace {

using enum ForeignKeyState;
using enum SubscriptionInstruction;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SubscriptionStep to_before(SubscriptionInstruction instruction) {
  return {true, instruction};
}
constexpr SubscriptionStep to_now(SubscriptionInstruction instruction) {
  return {false, instruction};
}

std::vector<SubscriptionStep> steps(JoinKind kind, ForeignKeyState before, ForeignKeyState now,
                                    bool same_key = false) {
  const SubscriptionSteps planned = subscription_steps(kind, before, now, same_key);
  return {planned.begin(), planned.end()};
}
bool drops(JoinKind kind, ForeignKeyState before, ForeignKeyState now) {
  return subscription_steps(kind, before, now, false).dropped;
}

constexpr auto inner = JoinKind::inner;
constexpr auto left = JoinKind::left;

TEST(InnerSubscriptions, ANewRowAsksForAForeignRowOnlyIfThereIsOne) {
  EXPECT_THAT(steps(inner, no_row, key), ElementsAre(to_now(answer_if_found)));
  EXPECT_THAT(steps(inner, no_key, key), ElementsAre(to_now(answer_if_found)));
}

TEST(InnerSubscriptions, ARowThatKeepsItsForeignKeyAsksLikeANewOne) {
  EXPECT_THAT(steps(inner, key, key, true), ElementsAre(to_now(answer_if_found)));
}

TEST(InnerSubscriptions, ARowWithAnotherForeignKeyLeavesTheOldOneAndWantsAnAnswerInAnyCase) {
  EXPECT_THAT(steps(inner, key, key), ElementsAre(to_before(remove), to_now(answer)));
}

TEST(InnerSubscriptions, ARowThatLosesItsForeignKeyHasItsResultDeletedAndIsDropped) {
  EXPECT_THAT(steps(inner, key, no_key), ElementsAre(to_before(remove_and_answer)));
  EXPECT_TRUE(drops(inner, key, no_key));
}

TEST(InnerSubscriptions, ADeletedRowHasItsResultDeleted) {
  EXPECT_THAT(steps(inner, key, no_row), ElementsAre(to_before(remove_and_answer)));
  EXPECT_FALSE(drops(inner, key, no_row));
}

TEST(InnerSubscriptions, RowsThatNeverHadAForeignKeySayNothing) {
  EXPECT_THAT(steps(inner, no_row, no_key), IsEmpty());
  EXPECT_TRUE(drops(inner, no_row, no_key));
  EXPECT_THAT(steps(inner, no_key, no_row), IsEmpty());
  EXPECT_THAT(steps(inner, no_row, no_row), IsEmpty());
  EXPECT_FALSE(drops(inner, no_row, no_row));
}

TEST(LeftSubscriptions, ARowAlwaysWantsAnAnswer) {
  EXPECT_THAT(steps(left, no_row, key), ElementsAre(to_now(answer)));
  EXPECT_THAT(steps(left, no_row, no_key), ElementsAre(to_now(answer)));
  EXPECT_THAT(steps(left, key, key, true), ElementsAre(to_now(answer)));
  EXPECT_FALSE(drops(left, no_row, no_key));
}

TEST(LeftSubscriptions, ARowWhoseForeignKeyChangesOrGoesLeavesTheOldOneFirst) {
  EXPECT_THAT(steps(left, key, key), ElementsAre(to_before(remove), to_now(answer)));
  EXPECT_THAT(steps(left, key, no_key), ElementsAre(to_before(remove), to_now(answer)));
  EXPECT_THAT(steps(left, key, no_row), ElementsAre(to_before(remove), to_now(answer)));
}

TEST(LeftSubscriptions, ADeletedRowWithoutAForeignKeyStillWantsAnAnswerThatDeletesItsResult) {
  EXPECT_THAT(steps(left, no_key, no_row), ElementsAre(to_now(answer)));
}

TEST(LeftSubscriptions, ADeletionOfNothingSaysNothing) {
  EXPECT_THAT(steps(left, no_row, no_row), IsEmpty());
}

}  // namespace
}  // namespace moldau::processor
