#include "moldau/base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace moldau {
namespace {

TEST(Status, IsOkByDefault) {
  const Status status;

  EXPECT_TRUE(status.ok());
  EXPECT_TRUE(static_cast<bool>(status));
  EXPECT_EQ(status.code(), ErrorCode::ok);
  EXPECT_EQ(status.message(), "");
  EXPECT_FALSE(status.retriable() || status.fatal() || status.requires_abort() || status.fenced());
}

TEST(Status, SaysHowTheCallerMayGoOn) {
  const Status fenced{ErrorCode::producer_fenced, "taken over", {.fatal = true, .fenced = true}};
  const Status abort{ErrorCode::timed_out, "too late", {.requires_abort = true}};

  EXPECT_FALSE(fenced.ok());
  EXPECT_TRUE(fenced.fatal());
  EXPECT_TRUE(fenced.fenced());
  EXPECT_FALSE(fenced.retriable());
  EXPECT_FALSE(fenced.requires_abort());
  EXPECT_TRUE(abort.requires_abort());
  EXPECT_TRUE(Status::retriable(ErrorCode::not_ready, "").retriable());
  EXPECT_FALSE(Status::permanent(ErrorCode::io, "").retriable());
}

TEST(Status, KeepsCodeAndMessageInACopy) {
  Status status = Status::permanent(ErrorCode::io, "disk full");
  const Status copy = status;
  status = Status{};

  EXPECT_EQ(copy.code(), ErrorCode::io);
  EXPECT_EQ(copy.message(), "disk full");
}

TEST(Status, CostsOnePointerWhenOk) { EXPECT_LE(sizeof(Status), sizeof(std::shared_ptr<int>)); }

TEST(ErrorCode, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::other); ++code) {
    names.insert(name(static_cast<ErrorCode>(code)));
  }

  EXPECT_EQ(names.size(), static_cast<std::size_t>(ErrorCode::other) + 1);
  EXPECT_FALSE(names.contains(""));
}

TEST(Result, HoldsAValue) {
  const Result<std::string> result{"value"};

  ASSERT_TRUE(result.ok());
  EXPECT_EQ(*result, "value");
  EXPECT_EQ(result->size(), 5U);
  EXPECT_TRUE(result.error().ok());
}

TEST(Result, HoldsTheStatusThatSaysWhyThereIsNone) {
  const Result<int> result = Status::permanent(ErrorCode::unknown_topic, "no topic orders");

  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error().code(), ErrorCode::unknown_topic);
  EXPECT_EQ(result.error().message(), "no topic orders");
}

TEST(Result, GivesAwayAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result{std::make_unique<int>(7)};

  const std::unique_ptr<int> value = *std::move(result);

  EXPECT_EQ(*value, 7);
}

}  // namespace
}  // namespace moldau
