#include "kafka/rdkafka/log_relay.h"

#include "moldau/testing/manual_clock.h"

#include "streams/noting_logger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace moldau {

namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr int warning = 4;

TEST(LogRelay, SimilarLinesAreCountedInsteadOfWritten) {
  testing::ManualClock clock;
  const auto logger = std::make_shared<NotingLogger>();
  kafka::rdkafka::LogRelay relay{clock, logger, "client"};

  for (int i = 0; i < 100; ++i) relay.line(warning, "PARTCNT", "again");
  relay.line(warning, "OFFSET", "another kind");
  EXPECT_EQ(std::ranges::count(logger->text(), '\n'), 2);
  clock.advance(10s);
  relay.line(warning, "PARTCNT", "again");

  EXPECT_EQ(std::ranges::count(logger->text(), '\n'), 3);
  EXPECT_THAT(logger->text(), HasSubstr("99 similar lines left out"));
}

TEST(LogRelay, BrokenConnectionsAreNoWarning) {
  testing::ManualClock clock;
  const auto logger = std::make_shared<NotingLogger>();
  kafka::rdkafka::LogRelay relay{clock, logger, "client"};

  relay.line(3, "FAIL", "Connection refused");

  EXPECT_EQ(logger->text(), "");
}

}  // namespace

}  // namespace moldau
