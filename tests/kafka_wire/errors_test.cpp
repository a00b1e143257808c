#include "kafka/wire/errors.h"

#include <gtest/gtest.h>

namespace moldau::inline v0::kafka::wire {
namespace {

TEST(ProtocolErrors, AllOfThoseThatLibrdkafkaLacksAreKnown) {
  for (std::int16_t code = 110; code <= 132; ++code) {
    ASSERT_NE(find_protocol_error(code), nullptr) << code;
  }
}

TEST(ProtocolErrors, HaveTheirOwnNames) {
  EXPECT_EQ(find_protocol_error(-1)->name, "UNKNOWN_SERVER_ERROR");
  EXPECT_EQ(find_protocol_error(error_code::fenced_member_epoch)->name, "FENCED_MEMBER_EPOCH");
  EXPECT_EQ(find_protocol_error(error_code::streams_topology_fenced)->name,
            "STREAMS_TOPOLOGY_FENCED");
  EXPECT_EQ(find_protocol_error(4242), nullptr);
}

TEST(ProtocolErrors, AreDescribedInTheBrokersWordsIfItSentSome) {
  EXPECT_EQ(describe_error(16), "NOT_COORDINATOR (16): the group is coordinated by another broker");
  EXPECT_EQ(describe_error(42, "Topology updates are not supported yet"),
            "INVALID_REQUEST (42): Topology updates are not supported yet");
  EXPECT_EQ(describe_error(4242), "error 4242");
}

TEST(ProtocolErrors, ACoordinatorThatIsNotReadyIsAskedAgain) {
  for (const std::int16_t code :
       {error_code::coordinator_load_in_progress, error_code::coordinator_not_available,
        error_code::not_coordinator}) {
    const Status status = status_of(code, "heartbeat");

    EXPECT_EQ(status.code(), ErrorCode::not_ready) << code;
    EXPECT_TRUE(status.retriable()) << code;
  }
}

TEST(ProtocolErrors, ATransactionThatIsBeingEndedIsWaitedFor) {
  const Status status = status_of(error_code::concurrent_transactions, "fencing");

  EXPECT_EQ(status.code(), ErrorCode::not_ready);
  EXPECT_TRUE(status.retriable());
}

TEST(ProtocolErrors, AMemberThatTheGroupDoesNotKnowIsFenced) {
  for (const std::int16_t code : {error_code::illegal_generation, error_code::unknown_member_id,
                                  error_code::group_id_not_found, error_code::fenced_member_epoch,
                                  error_code::stale_member_epoch}) {
    const Status status = status_of(code, "heartbeat");

    EXPECT_EQ(status.code(), ErrorCode::stale_member) << code;
    EXPECT_TRUE(status.fenced()) << code;
    EXPECT_FALSE(status.retriable()) << code;
  }
}

TEST(ProtocolErrors, WhatIsNotAnErrorIsOk) { EXPECT_TRUE(status_of(0, "heartbeat").ok()); }

TEST(ProtocolErrors, AnUnknownOneIsPermanent) {
  const Status status = status_of(4242, "heartbeat");

  EXPECT_EQ(status.code(), ErrorCode::other);
  EXPECT_FALSE(status.retriable());
  EXPECT_EQ(status.message(), "heartbeat: error 4242");
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
