#include "kafka/wire/transaction_fence.h"

#include "moldau/testing/manual_clock.h"

#include "kafka/wire/errors.h"
#include "kafka_wire/scripted_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using Progress = TransactionFence::Progress;

class TransactionFenceTest : public ::testing::Test {
 protected:
  TransactionFenceTest() {
    auto made = std::make_unique<ScriptedConnection>();
    connection = made.get();
    connection->on_send = [this] { answer(); };
    fence.emplace(std::move(made),
                  TransactionFence::Target{.transactional_id = "app-0",
                                           .client_id = "client",
                                           .servers = {{"a", 1}, {"b", 2}},
                                           .transaction_timeout = 10s},
                  clock);
  }

  // As a broker that answers with `codes`, the last one again and again; without any it is silent.
  void answer() {
    const RequestFrame frame = split_request(connection->sent.back());
    if (frame.header.api_key == FindCoordinatorRequest::api_key) {
      connection->answer_last(
          FindCoordinatorResponse{.coordinators = {{"app-0", 1, coordinator.host, coordinator.port,
                                                    finding, std::nullopt}}});
      return;
    }
    asked.push_back(decode<InitProducerIdRequest>(frame.body));
    if (codes.empty()) return;
    connection->answer_last(InitProducerIdResponse{.error_code = codes.front()});
    if (codes.size() > 1) codes.erase(codes.begin());
    clock.advance(time_of_an_answer);
  }

  testing::ManualClock clock;
  ScriptedConnection* connection = nullptr;  // the fence's
  std::optional<TransactionFence> fence;
  Endpoint coordinator{"c", 3};
  std::int16_t finding = error_code::none;
  std::vector<std::int16_t> codes;
  std::chrono::milliseconds time_of_an_answer{0};
  std::vector<InitProducerIdRequest> asked;
};

TEST_F(TransactionFenceTest, ItAsksTheCoordinatorOfTheTransactionalId) {
  codes = {error_code::none};

  EXPECT_EQ(fence->advance(1s), Progress::ended);

  EXPECT_THAT(connection->opened, ElementsAre(Endpoint{"a", 1}, Endpoint{"c", 3}));
  EXPECT_EQ(decode<FindCoordinatorRequest>(split_request(connection->sent.at(0)).body).key_type, 1);
  EXPECT_THAT(asked, ElementsAre(InitProducerIdRequest{.transactional_id = "app-0",
                                                       .transaction_timeout_ms = 10'000}));
}

TEST_F(TransactionFenceTest, AServerThatIsTheCoordinatorIsAskedOnTheSameConnection) {
  coordinator = {"a", 1};
  codes = {error_code::none};

  EXPECT_EQ(fence->advance(1s), Progress::ended);

  EXPECT_THAT(connection->opened, ElementsAre(Endpoint{"a", 1}));
}

TEST_F(TransactionFenceTest, WhileATransactionIsBeingEndedItAsksAgain) {
  codes = {error_code::concurrent_transactions, error_code::concurrent_transactions,
           error_code::none};

  EXPECT_EQ(fence->advance(1s), Progress::ended);

  EXPECT_EQ(asked.size(), 3U);
}

TEST_F(TransactionFenceTest, WhenItsTimeIsOverItGoesOnInTheNextCall) {
  codes = {error_code::concurrent_transactions};
  time_of_an_answer = 30ms;

  EXPECT_EQ(fence->advance(100ms), Progress::not_ended);
  EXPECT_EQ(asked.size(), 4U);
  codes = {error_code::none};
  EXPECT_EQ(fence->advance(100ms), Progress::ended);

  EXPECT_EQ(connection->opened.size(), 2U) << "the connection is kept";
}

TEST_F(TransactionFenceTest, AnAnswerThatTakesLongerThanACallIsTakenByTheNext) {
  EXPECT_EQ(fence->advance(100ms), Progress::not_ended);
  connection->answer_last(InitProducerIdResponse{});

  EXPECT_EQ(fence->advance(100ms), Progress::ended);

  EXPECT_EQ(asked.size(), 1U);
}

TEST_F(TransactionFenceTest, ACoordinatorThatSaysNothingIsGivenUp) {
  EXPECT_EQ(fence->advance(100ms), Progress::not_ended);
  clock.advance(TransactionFence::answer_patience);

  EXPECT_EQ(fence->advance(100ms), Progress::given_up);
}

TEST_F(TransactionFenceTest, WhateverElseIsWrongIsLeftToLibrdkafka) {
  codes = {53};  // TRANSACTIONAL_ID_AUTHORIZATION_FAILED

  EXPECT_EQ(fence->advance(1s), Progress::given_up);
  EXPECT_EQ(asked.size(), 1U);
}

TEST_F(TransactionFenceTest, WithoutACoordinatorThereIsNobodyToAsk) {
  finding = error_code::coordinator_not_available;

  EXPECT_EQ(fence->advance(1s), Progress::given_up);
  EXPECT_TRUE(asked.empty());
}

TEST_F(TransactionFenceTest, WithoutAServerThatCanBeReachedThereIsNobodyToAsk) {
  connection->unreachable = {{"a", 1}, {"b", 2}};

  EXPECT_EQ(fence->advance(1s), Progress::given_up);
  EXPECT_THAT(connection->opened, ElementsAre(Endpoint{"a", 1}, Endpoint{"b", 2}));
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
