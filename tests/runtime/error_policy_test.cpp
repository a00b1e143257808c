#include "runtime/error_policy.h"

#include "moldau/base/unavailable_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace moldau::runtime {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;

// Handlers that leave every record out, and count how often they are asked.
class ContinuingHandlers : public ::testing::Test {
 protected:
  // The messages of the TaskFailed that reading, processing and writing a record end with after
  // `error`; empty where the record is left out.
  template <class E>
  std::vector<std::string> failures(const E& error) {
    return {failure(error, [this] { policy_.undecodable(context_); }),
            failure(error, [this] { policy_.processing_failed(context_); }),
            failure(error, [this] { policy_.serialization_failed(context_, "out"); })};
  }

  int asked_ = 0;

 private:
  template <class E, class Call>
  std::string failure(const E& error, Call call) {
    try {
      try {
        throw error;
      } catch (const E&) {
        call();
      }
    } catch (const TaskFailed& failed) {
      EXPECT_THROW(std::rethrow_if_nested(failed), E);
      return failed.what();
    }
    return {};
  }

  ErrorHandlers handlers() {
    const auto leave_out = [this](const ErrorContext&, const auto&) {
      ++asked_;
      return ErrorResponse::resume;
    };
    return {leave_out, leave_out, leave_out};
  }

  ErrorPolicy policy_{handlers(), make_silent_logger()};
  const ErrorContext context_{
      .metadata = {.topic = "in", .partition = PartitionId{1}, .offset = Offset{7}},
      .timestamp = Timestamp{0},
      .node = "map",
      .task = {},
      .source_key = {},
      .source_value = {}};
};

TEST_F(ContinuingHandlers, LeaveRecordsOutThatFail) {
  EXPECT_THAT(failures(std::runtime_error("bad")), Each(""));
  EXPECT_EQ(asked_, 3);
}

TEST_F(ContinuingHandlers, AreNotAskedAboutWhatIsNotTheRecordsFault) {
  EXPECT_THAT(failures(UnavailableError("the key server does not answer")),
              Each(AllOf(HasSubstr("node \"map\", topic in, partition 1, offset 7"),
                         HasSubstr("the key server does not answer"),
                         HasSubstr("nothing of the record is committed"),
                         HasSubstr("start the application again"))));
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace moldau::runtime
