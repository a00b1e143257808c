#include "moldau/base/logger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace moldau {
namespace {

using testing::HasSubstr;
using testing::Not;

template <class F>
std::string standard_error_of(const F& body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST(ConsoleLogger, WritesLevelAndMessageToStandardError) {
  const std::string written = standard_error_of([] {
    const auto logger = make_console_logger();
    logger->info("task 0_1 is ready");
    logger->error("no topic orders");
  });

  EXPECT_THAT(written, testing::ContainsRegex("info +task 0_1 is ready\n"));
  EXPECT_THAT(written, testing::ContainsRegex("error +no topic orders\n"));
}

TEST(ConsoleLogger, LeavesOutWhatIsBelowItsLevel) {
  const std::string written = standard_error_of([] {
    const auto logger = make_console_logger(LogLevel::warning);
    logger->debug("detail");
    logger->info("news");
    logger->warning("trouble");
  });

  EXPECT_THAT(written, Not(HasSubstr("detail")));
  EXPECT_THAT(written, Not(HasSubstr("news")));
  EXPECT_THAT(written, HasSubstr("trouble"));
}

TEST(ConsoleLogger, SaysWhatItWouldWrite) {
  const auto logger = make_console_logger(LogLevel::info);

  EXPECT_FALSE(logger->enabled(LogLevel::trace));
  EXPECT_FALSE(logger->enabled(LogLevel::debug));
  EXPECT_TRUE(logger->enabled(LogLevel::info));
  EXPECT_TRUE(logger->enabled(LogLevel::error));
}

TEST(ConsoleLogger, DoesNotTakeAMessageForAFormat) {
  const std::string written = standard_error_of([] { make_console_logger()->info("{} %s {0}"); });

  EXPECT_THAT(written, HasSubstr("{} %s {0}"));
}

TEST(ConsoleLogger, SharesNothingWithAnother) {
  const std::string written = standard_error_of([] {
    const auto quiet = make_console_logger(LogLevel::error);
    const auto chatty = make_console_logger(LogLevel::debug);
    quiet->info("from the quiet one");
    chatty->debug("from the chatty one");
  });

  EXPECT_THAT(written, Not(HasSubstr("quiet")));
  EXPECT_THAT(written, HasSubstr("chatty"));
}

TEST(SilentLogger, WritesNothing) {
  const std::string written = standard_error_of([] {
    const auto logger = make_silent_logger();
    EXPECT_FALSE(logger->enabled(LogLevel::error));
    logger->error("unheard");
  });

  EXPECT_EQ(written, "");
}

}  // namespace
}  // namespace moldau
