#include "robustness/word_ledger.h"

#include <gtest/gtest.h>

namespace robustness {
namespace {

WordLedger input(std::string_view line) {
  WordLedger ledger;
  ledger.expect_words_of(line);
  return ledger;
}

TEST(WordLedger, CountsThatRiseByOneToTheEndAreRight) {
  WordLedger ledger = input("a  b a");

  ledger.see("a", 1);
  ledger.see("b", 1);
  ledger.see("a", 2);

  const Verdict verdict = ledger.verdict();
  EXPECT_EQ(verdict.words, 2);
  EXPECT_EQ(verdict.lost + verdict.doubled + verdict.gaps + verdict.repeats, 0);
  EXPECT_TRUE(verdict.examples.empty());
}

TEST(WordLedger, AWordThatNeverCameOutIsLost) {
  const WordLedger ledger = input("a a");

  EXPECT_EQ(ledger.verdict().lost, 2);
}

TEST(WordLedger, ACountAboveTheOccurrencesIsDoubled) {
  WordLedger ledger = input("a");

  ledger.see("a", 1);
  ledger.see("a", 2);

  EXPECT_EQ(ledger.verdict().doubled, 1);
  EXPECT_EQ(ledger.verdict().lost, 0);
}

TEST(WordLedger, ADoubledWordDoesNotHideALostOne) {
  WordLedger ledger = input("a b");

  ledger.see("a", 1);
  ledger.see("a", 2);

  EXPECT_EQ(ledger.verdict().doubled, 1);
  EXPECT_EQ(ledger.verdict().lost, 1);
}

TEST(WordLedger, AWordThatIsNotInTheInputIsDoubled) {
  WordLedger ledger;

  ledger.see("a", 1);

  EXPECT_EQ(ledger.verdict().doubled, 1);
}

TEST(WordLedger, ASkippedCountIsAGap) {
  WordLedger ledger = input("a a a");

  ledger.see("a", 1);
  ledger.see("a", 3);

  EXPECT_EQ(ledger.verdict().gaps, 1);
  EXPECT_EQ(ledger.verdict().lost, 0);
}

TEST(WordLedger, ACountThatDoesNotRiseIsARepeat) {
  WordLedger ledger = input("a a");

  ledger.see("a", 1);
  ledger.see("a", 1);
  ledger.see("a", 2);

  EXPECT_EQ(ledger.verdict().repeats, 1);
  EXPECT_EQ(ledger.verdict().gaps, 0);
}

}  // namespace
}  // namespace robustness
