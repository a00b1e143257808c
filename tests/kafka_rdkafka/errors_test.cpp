#include "kafka/rdkafka/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::kafka::rdkafka {

namespace {

using ::testing::HasSubstr;

TEST(Errors, WhatPassesByItselfIsRetriable) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR__TRANSPORT,
        RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
        RD_KAFKA_RESP_ERR__MSG_TIMED_OUT}) {
    const Status status = make_status(error, "doing");

    EXPECT_TRUE(status.retriable()) << rd_kafka_err2name(error);
    EXPECT_FALSE(status.fatal() || status.fenced() || status.requires_abort());
  }
}

TEST(Errors, AStaleMemberMustAbort) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
        RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, static_cast<rd_kafka_resp_err_t>(110),
        static_cast<rd_kafka_resp_err_t>(113)}) {
    const Status status = make_status(error, "doing");

    EXPECT_EQ(status.code(), ErrorCode::stale_member);
    EXPECT_TRUE(status.requires_abort() && status.fenced());
    EXPECT_FALSE(status.retriable() || status.fatal());
  }
}

TEST(Errors, AFencedProducerIsLost) {
  for (const auto error : {RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED,
                           RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH}) {
    const Status status = make_status(error, "doing");

    EXPECT_EQ(status.code(), ErrorCode::producer_fenced);
    EXPECT_TRUE(status.fatal() && status.fenced());
    EXPECT_FALSE(status.retriable());
  }
}

TEST(Errors, TheMessageSaysWhatWasDoneWhatHappenedAndWhatToDo) {
  const Status status =
      make_status(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "writing to topic t", "denied");

  EXPECT_EQ(status.code(), ErrorCode::authorization_failed);
  EXPECT_THAT(std::string{status.message()}, HasSubstr("writing to topic t: denied"));
  EXPECT_THAT(std::string{status.message()}, HasSubstr("needs READ on"));
}

TEST(Errors, NoObjectIsNoError) { EXPECT_TRUE(make_status(ErrorPtr{}, "doing").ok()); }

}  // namespace

}  // namespace moldau::kafka::rdkafka
