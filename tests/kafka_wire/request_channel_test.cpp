#include "kafka/wire/request_channel.h"

#include "moldau/base/error.h"
#include "moldau/testing/manual_clock.h"

#include "golden/hex.h"
#include "kafka_wire/by_hand.h"
#include "kafka_wire/scripted_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class RequestChannelTest : public ::testing::Test {
 protected:
  RequestChannelTest() { EXPECT_TRUE(channel.open({"broker", 9092}, 1s).ok()); }

  // What must hold of every failure that closes the channel.
  void expect_broken(const Status& status, ErrorCode code, const std::string& why) {
    EXPECT_EQ(status.code(), code);
    EXPECT_TRUE(status.retriable());
    EXPECT_THAT(status.message(), HasSubstr("broker broker:9092: StreamsGroupDescribe: "));
    EXPECT_THAT(status.message(), HasSubstr(why));
    EXPECT_FALSE(channel.is_open());
    EXPECT_FALSE(channel.is_waiting());
  }

  const StreamsGroupDescribeRequest request{.group_ids = {"g"}};
  const StreamsGroupDescribeResponse response{.groups = {{.group_id = "g"}}};
  testing::ManualClock clock;
  ScriptedConnection connection;
  RequestChannel channel{connection, clock, "client"};
};

TEST_F(RequestChannelTest, ARequestIsHeaderAndBody) {
  ASSERT_TRUE(channel.start(request).ok());

  EXPECT_EQ(to_hex(connection.sent.at(0)),
            to_hex(by_hand({"0059", "0000", "00000001", "0006", text("client"), "00",  //
                            "02", "02", text("g"), "00", "00"})));
}

TEST_F(RequestChannelTest, AnAnswerMayBeFetchedLater) {
  ASSERT_TRUE(channel.start(request).ok());

  const auto not_yet = channel.finish<StreamsGroupDescribeRequest>(0ms);
  ASSERT_TRUE(not_yet.ok());
  EXPECT_EQ(*not_yet, std::nullopt);
  EXPECT_TRUE(channel.is_waiting());

  connection.answer_last(response);
  const auto answer = channel.finish<StreamsGroupDescribeRequest>(0ms);
  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(*answer, response);
  EXPECT_FALSE(channel.is_waiting());
  EXPECT_TRUE(channel.is_open());
}

TEST_F(RequestChannelTest, EveryRequestHasItsOwnId) {
  connection.on_send = [this] { connection.answer_last(response); };

  ASSERT_TRUE(channel.call(request, 1s).ok());
  ASSERT_TRUE(channel.call(request, 1s).ok());

  EXPECT_EQ(split_request(connection.sent.at(0)).header.correlation_id, 1);
  EXPECT_EQ(split_request(connection.sent.at(1)).header.correlation_id, 2);
}

TEST_F(RequestChannelTest, ACallWithoutAnAnswerGivesTheConnectionUp) {
  const auto answer = channel.call(request, 250ms);

  expect_broken(answer.error(), ErrorCode::timed_out, "no answer within 250 ms");
}

TEST_F(RequestChannelTest, AnAnswerToAnotherRequestClosesTheConnection) {
  ASSERT_TRUE(channel.start(request).ok());
  connection.answer(std::optional{by_hand({"00000063", "00"})});

  const auto answer = channel.finish<StreamsGroupDescribeRequest>(1s);

  expect_broken(answer.error(), ErrorCode::transport, "an answer to request 99");
}

TEST_F(RequestChannelTest, AnAnswerThatCannotBeReadClosesTheConnection) {
  ASSERT_TRUE(channel.start(request).ok());
  connection.answer(std::optional{by_hand({"00000001", "00", "00000000", "05"})});

  const auto answer = channel.finish<StreamsGroupDescribeRequest>(1s);

  expect_broken(answer.error(), ErrorCode::transport, "an array of 4 elements in 0 bytes");
}

TEST_F(RequestChannelTest, AnEmptyFrameClosesTheConnection) {
  ASSERT_TRUE(channel.start(request).ok());
  connection.answer(std::optional{ByteBuffer{}});

  const auto answer = channel.finish<StreamsGroupDescribeRequest>(1s);

  expect_broken(answer.error(), ErrorCode::transport, "at byte 0");
}

TEST_F(RequestChannelTest, ABrokenConnectionIsReportedWithBrokerAndApi) {
  ASSERT_TRUE(channel.start(request).ok());
  connection.answer(Status::retriable(ErrorCode::transport, "cable cut"));

  const auto answer = channel.finish<StreamsGroupDescribeRequest>(1s);

  expect_broken(answer.error(), ErrorCode::transport, "cable cut");
}

TEST_F(RequestChannelTest, AClosedChannelCannotBeAsked) {
  channel.close();

  expect_broken(channel.start(request), ErrorCode::transport, "the connection is closed");
}

TEST_F(RequestChannelTest, AnErrorInAnAnswerIsTheCallersMatter) {
  connection.on_send = [this] {
    connection.answer_last(StreamsGroupDescribeResponse{.groups = {{.error_code = 69}}});
  };

  const auto answer = channel.call(request, 1s);

  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->groups.at(0).error_code, 69);
}

TEST_F(RequestChannelTest, AnOldBrokersAnswerAboutVersionsIsUnsupportedVersion) {
  // Version 0: the id, error 35, then an array with a count of four bytes.
  connection.answer(std::optional{by_hand({"00000001", "0023", "00000001", "001200000003"})});

  const auto answer = channel.call(ApiVersionsRequest{"n", "v"}, 1s);

  ASSERT_TRUE(answer.ok()) << answer.error().message();
  EXPECT_EQ(*answer, ApiVersionsResponse{.error_code = 35});
  EXPECT_TRUE(channel.is_open());
}

TEST_F(RequestChannelTest, AClientIdThatDoesNotFitIsRefusedAtOnce) {
  EXPECT_THROW((RequestChannel{connection, clock, std::string(40'000, 'x')}), ConfigError);
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
