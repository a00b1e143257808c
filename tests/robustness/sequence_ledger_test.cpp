#include "robustness/sequence_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using robustness::SequenceLedger;
using robustness::SequenceVerdict;

SequenceLedger expecting(const std::vector<std::int64_t>& numbers) {
  SequenceLedger ledger;
  for (const std::int64_t number : numbers) ledger.expect("k", number);
  return ledger;
}

SequenceVerdict after(SequenceLedger ledger, const std::vector<std::int64_t>& numbers) {
  for (const std::int64_t number : numbers) ledger.see("k", number);
  return ledger.verdict();
}

TEST(SequenceLedger, FindsNothingWrongWhereEachNumberCameOutInOrder) {
  const SequenceVerdict verdict = after(expecting({3, 5, 9}), {3, 5, 9});

  EXPECT_EQ(verdict.lost, 0);
  EXPECT_EQ(verdict.doubled, 0);
  EXPECT_EQ(verdict.reordered, 0);
  EXPECT_THAT(verdict.examples, testing::IsEmpty());
}

TEST(SequenceLedger, TellsWhatNeverCameOut) {
  const SequenceVerdict verdict = after(expecting({3, 5, 9}), {3, 9});

  EXPECT_EQ(verdict.lost, 1);
  EXPECT_EQ(verdict.reordered, 0);
  EXPECT_THAT(verdict.examples, testing::ElementsAre("k: 5 never came out"));
}

TEST(SequenceLedger, ARepeatIsDoubledAndNotOutOfOrder) {
  const SequenceVerdict verdict = after(expecting({3, 5, 9}), {3, 5, 3, 5, 9});

  EXPECT_EQ(verdict.doubled, 2);
  EXPECT_EQ(verdict.reordered, 0);
  EXPECT_EQ(verdict.lost, 0);
}

TEST(SequenceLedger, WhatComesFirstAfterALaterOneIsOutOfOrder) {
  const SequenceVerdict verdict = after(expecting({3, 5, 9}), {3, 9, 5});

  EXPECT_EQ(verdict.reordered, 1);
  EXPECT_EQ(verdict.lost, 0);
  EXPECT_THAT(verdict.examples, testing::ElementsAre("k: 5 came out after 9"));
}

TEST(SequenceLedger, ANumberThatIsInTheInputTwiceComesOutTwice) {
  EXPECT_EQ(after(expecting({3, 5, 3}), {3, 5, 3}).doubled, 0);
  EXPECT_EQ(after(expecting({3, 5, 3}), {3, 5}).lost, 1);
}

TEST(SequenceLedger, ANumberOfAnotherKeyIsOneTooMany) {
  SequenceLedger ledger = expecting({3});
  ledger.see("other", 3);

  EXPECT_EQ(ledger.verdict().doubled, 1);
  EXPECT_EQ(ledger.verdict().lost, 1);
}

}  // namespace
