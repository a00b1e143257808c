#include "kafka/wire/connection.h"

#include "moldau/base/clock.h"

#include "kafka/wire/framed_connection.h"
#include "kafka/wire/make_connection.h"
#include "kafka_wire/by_hand.h"
#include "kafka_wire/loopback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::unique_ptr<Connection> plain_connection() {
  auto connection = make_connection({}, system_clock());
  EXPECT_TRUE(connection.ok());
  return *std::move(connection);
}

class TcpConnectionTest : public ::testing::Test {
 protected:
  Peer connected_peer() {
    const Status opened = connection->open(listener.endpoint(), 10s);
    if (!opened.ok()) throw std::runtime_error{std::string{opened.message()}};
    return listener.accept();
  }

  std::string received(std::chrono::milliseconds timeout = 10s) {
    const auto frame = connection->receive(timeout);
    if (!frame.ok()) return "failed: " + std::string{frame.error().message()};
    return *frame ? std::string{(*frame)->bytes().text()} : "nothing";
  }

  Listener listener;
  std::unique_ptr<Connection> connection = plain_connection();
  Peer peer = connected_peer();
};

TEST_F(TcpConnectionTest, CarriesFramesBothWays) {
  ASSERT_TRUE(connection->send(Bytes{"question"}, 10s).ok());
  EXPECT_EQ(peer.receive_frame().bytes().text(), "question");

  peer.send_frame(Bytes{"answer"});
  EXPECT_EQ(received(), "answer");
}

TEST_F(TcpConnectionTest, AnEmptyFrameIsAFrame) {
  peer.send_frame(Bytes{});
  peer.send_frame(Bytes{"next"});

  EXPECT_EQ(received(), "");
  EXPECT_EQ(received(), "next");
}

TEST_F(TcpConnectionTest, AFrameMayArriveInPieces) {
  const ByteBuffer bytes = by_hand({"00000003", text("abc")});
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    peer.send(bytes.bytes().without_first(i).first(1));
    EXPECT_EQ(received(1ms), "nothing") << i;
  }

  peer.send(bytes.bytes().last(1));

  EXPECT_EQ(received(), "abc");
}

TEST_F(TcpConnectionTest, FramesThatArriveTogetherAreTakenOneByOne) {
  peer.send(by_hand({"00000001", text("a"), "00000002", text("bc")}));

  EXPECT_EQ(received(), "a");
  EXPECT_EQ(received(), "bc");
}

TEST_F(TcpConnectionTest, AFrameLargerThanTheBuffersPassesBothWays) {
  const std::string large(std::size_t{16} * 1024 * 1024, 'x');
  std::thread echo{[this] { peer.send_frame(peer.receive_frame()); }};

  const Status sent = connection->send(Bytes{large}, 30s);
  const std::string back = received(30s);
  echo.join();

  EXPECT_TRUE(sent.ok()) << sent.message();
  EXPECT_TRUE(back == large);
}

TEST_F(TcpConnectionTest, APeerThatDoesNotReadMakesSendingFail) {
  const std::string large(std::size_t{48} * 1024 * 1024, 'x');

  const Status sent = connection->send(Bytes{large}, 20ms);

  EXPECT_EQ(sent.code(), ErrorCode::transport);
  EXPECT_TRUE(sent.retriable());
  EXPECT_THAT(sent.message(), HasSubstr("within 20 ms"));
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, AFrameOfMoreThanTheLimitIsRefused) {
  peer.send(by_hand({"04000001"}));

  EXPECT_THAT(received(), HasSubstr("a frame of 67108865 bytes, at most 67108864"));
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, ANegativeLengthIsRefused) {
  peer.send(by_hand({"ffffffff"}));

  EXPECT_THAT(received(), HasSubstr("failed: "));
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, ATooLargeFrameIsNotSent) {
  const std::string large(max_frame_size + 1, 'x');

  const Status sent = connection->send(Bytes{large}, 1s);

  EXPECT_EQ(sent.code(), ErrorCode::message_too_large);
  EXPECT_FALSE(sent.retriable());
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, WakingEndsAWaitingReceive) {
  std::thread waker{[this] { connection->wake(); }};

  EXPECT_EQ(received(60s), "nothing");
  waker.join();
  EXPECT_TRUE(connection->is_open());
}

TEST_F(TcpConnectionTest, WakingEndsTheNextReceiveOnce) {
  connection->wake();
  connection->wake();
  peer.send_frame(Bytes{"a"});

  EXPECT_EQ(received(60s), "nothing");
  EXPECT_EQ(received(60s), "a");
}

TEST_F(TcpConnectionTest, WakingWhileHalfAFrameIsThereKeepsThatHalf) {
  peer.send(by_hand({"00000002", text("a")}));
  EXPECT_EQ(received(1ms), "nothing");
  connection->wake();
  EXPECT_EQ(received(60s), "nothing");

  peer.send(Bytes{"b"});

  EXPECT_EQ(received(), "ab");
}

TEST_F(TcpConnectionTest, AClosedPeerIsAFailureThatNamesIt) {
  peer.send(by_hand({"00000002", text("a")}));
  peer.close();

  EXPECT_EQ(received(),
            "failed: 127.0.0.1:" + std::to_string(listener.port()) + " closed the connection");
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, SendingToAClosedPeerIsAnErrorNotASignal) {
  peer.close();

  Status sent;
  for (int tries = 0; tries < 10'000 && sent.ok(); ++tries) {
    sent = connection->send(Bytes{std::string_view{"some bytes"}}, 1s);
  }

  EXPECT_EQ(sent.code(), ErrorCode::transport);
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, OpeningAgainForgetsHalfAFrame) {
  peer.send(by_hand({"00000002", text("a")}));
  EXPECT_EQ(received(1ms), "nothing");

  ASSERT_TRUE(connection->open(listener.endpoint(), 10s).ok());
  Peer second = listener.accept();
  second.send_frame(Bytes{"new"});

  EXPECT_EQ(received(), "new");
}

TEST_F(TcpConnectionTest, AClosedConnectionNeitherSendsNorReceives) {
  connection->close();

  EXPECT_EQ(connection->send(Bytes{"x"}, 1s).code(), ErrorCode::transport);
  EXPECT_THAT(received(1s), HasSubstr("is closed"));
}

TEST_F(TcpConnectionTest, EveryAddressOfAHostIsTried) {
  // localhost may stand for ::1 first, where nobody listens.
  EXPECT_TRUE(connection->open({"localhost", listener.port()}, 10s).ok());
}

TEST_F(TcpConnectionTest, NobodyListeningIsAFailureThatNamesTheAddress) {
  listener.stop();

  const Status status = connection->open(listener.endpoint(), 10s);

  EXPECT_EQ(status.code(), ErrorCode::transport);
  EXPECT_TRUE(status.retriable());
  EXPECT_EQ(status.message(), "cannot connect to 127.0.0.1:" + std::to_string(listener.port()) +
                                  ": 127.0.0.1: Connection refused");
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TcpConnectionTest, AHostThatDoesNotExistIsAFailureThatNamesIt) {
  const Status status = connection->open({"no-such-host.invalid", 1}, 10s);

  EXPECT_EQ(status.code(), ErrorCode::transport);
  EXPECT_TRUE(status.retriable());
  EXPECT_THAT(status.message(), HasSubstr("no-such-host.invalid:1: looking up the host"));
}

TEST(MakeConnection, TheAddressFamilyIsRespected) {
  Listener listener;
  auto connection = make_connection({{"broker.address.family", "v6"}}, system_clock());
  ASSERT_TRUE(connection.ok());

  EXPECT_FALSE((*connection)->open(listener.endpoint(), 10s).ok());
}

TEST(MakeConnection, AnUnknownProtocolIsRefused) {
  EXPECT_TRUE(make_connection({{"security.protocol", "PLAINTEXT"}}, system_clock()).ok());

  const auto connection = make_connection({{"security.protocol", "nonsense"}}, system_clock());

  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code(), ErrorCode::invalid_request);
  EXPECT_FALSE(connection.error().retriable());
  EXPECT_THAT(connection.error().message(), HasSubstr("nonsense"));
}

TEST(MakeConnection, AnUnknownAddressFamilyIsRefused) {
  const auto connection = make_connection({{"broker.address.family", "v5"}}, system_clock());

  ASSERT_FALSE(connection.ok());
  EXPECT_EQ(connection.error().code(), ErrorCode::invalid_request);
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
