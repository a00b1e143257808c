#include "whole_run/output_check.h"

#include "base/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace benchmarks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string number(std::uint64_t value) {
  const std::uint64_t big_endian = __builtin_bswap64(value);
  return {reinterpret_cast<const char*>(&big_endian), sizeof big_endian};
}

// Two records of key 1, one of key 2, one of key 2 that the filter leaves out.
KeyLedger input() {
  KeyLedger ledger;
  const auto add = [&](std::uint64_t key, std::string_view value, std::int64_t timestamp) {
    ledger.add({.key = number(key), .value = value, .timestamp = timestamp, .partition = 3});
  };
  add(1, "a", 10);
  add(2, "b", 11);
  add(1, "c", 12);
  add(2, "", 13);
  return ledger;
}

struct Sent {
  std::uint64_t key;
  std::string value;
  std::int64_t timestamp;
  std::int32_t partition = 3;
};

std::vector<std::string> differences(std::string_view topology, const std::vector<Sent>& output) {
  const KeyLedger ledger = input();
  const auto check = make_output_check(topology, ledger);
  for (const Sent& sent : output) {
    const std::string key = number(sent.key);
    check->add({.key = key,
                .value = sent.value,
                .timestamp = sent.timestamp,
                .partition = sent.partition});
  }
  return check->differences();
}

TEST(PipeCheck, TheRecordsThatPassTheFilterAreRight) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}, {1, "c", 12}}), IsEmpty());
}

TEST(PipeCheck, ALostRecordIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}}),
              ElementsAre("key 1: records 1, expected 2"));
}

TEST(PipeCheck, ALostKeyIsSeen) {
  EXPECT_THAT(differences("pipe", {{1, "a", 10}, {1, "c", 12}}),
              ElementsAre("key 2: records 0, expected 1"));
}

TEST(PipeCheck, ADoubledRecordIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}, {1, "c", 12}, {1, "c", 12}}),
              ElementsAre("key 1: records 3, expected 2"));
}

TEST(PipeCheck, AnotherValueIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}, {1, "d", 12}}),
              ElementsAre(HasSubstr("key 1: other values")));
}

TEST(PipeCheck, AnotherTimeIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}, {1, "c", 13}}),
              ElementsAre(HasSubstr("key 1: other values")));
}

TEST(PipeCheck, AnotherOrderIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "c", 12}, {1, "a", 10}}),
              ElementsAre(HasSubstr("key 1: other values")));
}

TEST(PipeCheck, AKeyFromNowhereIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}, {1, "c", 12}, {3, "x", 1}}),
              ElementsAre("key 3 is not in the input"));
}

TEST(PipeCheck, AnotherPartitionIsSeen) {
  EXPECT_THAT(differences("pipe", {{2, "b", 11}, {1, "a", 10}, {1, "c", 12, 0}}),
              ElementsAre("key 1 is in partition 0, expected 3"));
}

TEST(CountCheck, EveryUpdateIsRight) {
  EXPECT_THAT(
      differences("count",
                  {{1, number(1), 10}, {1, number(2), 12}, {2, number(1), 11}, {2, number(2), 13}}),
      IsEmpty());
}

TEST(CountCheck, AMissingUpdateIsSeen) {
  EXPECT_THAT(differences("count", {{1, number(2), 12}, {2, number(1), 11}, {2, number(2), 13}}),
              ElementsAre("key 1: count 2 behind 0"));
}

TEST(CountCheck, ARepeatedUpdateIsSeen) {
  EXPECT_THAT(differences("count", {{1, number(1), 10},
                                    {1, number(1), 10},
                                    {1, number(2), 12},
                                    {2, number(1), 11},
                                    {2, number(2), 13}}),
              ElementsAre("key 1: count 1 behind 1"));
}

TEST(CountCheck, ALostEndIsSeen) {
  EXPECT_THAT(differences("count", {{1, number(1), 10}, {2, number(1), 11}, {2, number(2), 13}}),
              ElementsAre("key 1: the last count is 1, expected 2"));
}

TEST(CountCheck, TheTimeOfARowIsItsHighest) {
  EXPECT_THAT(
      differences("count",
                  {{1, number(1), 10}, {1, number(2), 10}, {2, number(1), 11}, {2, number(2), 13}}),
      ElementsAre("key 1: the last count has another time"));
}

TEST(CountCheck, AnotherPartitionIsSeen) {
  EXPECT_THAT(
      differences(
          "count",
          {{1, number(1), 10}, {1, number(2), 12, 1}, {2, number(1), 11}, {2, number(2), 13}}),
      ElementsAre("key 1 is in partition 1, expected 3"));
}

TEST(CountCheck, ACacheMayLeaveUpdatesOut) {
  EXPECT_THAT(differences("count-cached", {{1, number(2), 12}, {2, number(2), 13}}), IsEmpty());
}

TEST(CountCheck, ACacheNeverGoesBack) {
  EXPECT_THAT(
      differences("count-cached",
                  {{1, number(2), 12}, {2, number(2), 13}, {2, number(1), 11}, {2, number(2), 13}}),
      ElementsAre("key 2: count 1 behind 2"));
}

TEST(Differences, OnlyTheFirstAreTold) {
  std::vector<Sent> output;
  for (std::uint64_t key = 1; key <= 8; ++key) output.push_back({key, number(3), 13});

  const std::vector<std::string> found = differences("count", output);

  EXPECT_EQ(6U, found.size());
  EXPECT_THAT(found.back(), HasSubstr(" more"));
}

TEST(KeyLedger, SurvivesItsFile) {
  const moldau::TemporaryFolder folder;
  const KeyLedger noted = input();

  noted.save(folder.path() / "ledger");
  const KeyLedger loaded = KeyLedger::load(folder.path() / "ledger");

  ASSERT_EQ(2U, loaded.entries().size());
  for (const auto& [key, expected] : noted.entries()) {
    const KeyLedger::Entry* found = loaded.find(key);
    ASSERT_NE(nullptr, found);
    EXPECT_EQ(expected.records, found->records);
    EXPECT_EQ(expected.passing, found->passing);
    EXPECT_EQ(expected.chain, found->chain);
    EXPECT_EQ(expected.newest, found->newest);
    EXPECT_EQ(expected.partition, found->partition);
  }
}

TEST(KeyLedger, AKeyOfAnotherSizeIsRefused) {
  KeyLedger ledger;
  EXPECT_THROW(ledger.add({.key = "short", .value = "v"}), std::runtime_error);
}

}  // namespace
}  // namespace benchmarks
