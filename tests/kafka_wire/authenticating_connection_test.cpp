#include "kafka/wire/authenticating_connection.h"

#include "moldau/testing/manual_clock.h"

#include "kafka/wire/errors.h"
#include "kafka_wire/scripted_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <limits>
#include <string>
#include <vector>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const Endpoint secured{"broker", 9093};

class AuthenticatingConnectionTest : public ::testing::Test {
 protected:
  AuthenticatingConnectionTest() {
    beneath->on_send = [this] { answer(); };
  }

  // As a broker answers: handshakes with `handshake`, the rest with `verdicts` one after the other.
  void answer() {
    const RequestFrame request = split_request(beneath->sent.back());
    switch (request.header.api_key) {
      case SaslHandshakeRequest::api_key:
        heard.push_back("handshake " + decode<SaslHandshakeRequest>(request.body).mechanism);
        return beneath->answer_last(handshake, SaslHandshakeRequest::response_header_version);
      case SaslAuthenticateRequest::api_key:
        heard.push_back("authenticate");
        if (verdicts.empty()) return;
        beneath->answer_last(verdicts.front());
        if (verdicts.size() > 1) verdicts.pop_front();
        return;
      default:
        heard.push_back("request");
    }
  }

  Status open() { return connection.open(secured, 3s); }
  Status send() {
    ByteBuffer frame;
    append_request_header({.api_key = 88, .api_version = 0, .correlation_id = 1}, frame);
    return connection.send(frame, 1s);
  }

  testing::ManualClock clock;
  ScriptedConnection* const beneath = new ScriptedConnection;  // connection's
  SaslHandshakeResponse handshake;
  std::deque<SaslAuthenticateResponse> verdicts{{}};
  std::vector<std::string> heard;
  AuthenticatingConnection connection{std::unique_ptr<Connection>{beneath},
                                      SaslSettings{.username = "me", .password = "canary"}, clock};
};

TEST_F(AuthenticatingConnectionTest, IsAuthenticatedOnceItIsOpen) {
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(send().ok());

  EXPECT_THAT(beneath->opened, ElementsAre(secured));
  EXPECT_THAT(heard, ElementsAre("handshake PLAIN", "authenticate", "request"));
}

TEST_F(AuthenticatingConnectionTest, AuthenticatesAgainWithEachConnection) {
  ASSERT_TRUE(open().ok());
  ASSERT_TRUE(open().ok());

  EXPECT_EQ(heard.size(), 4U);
}

TEST_F(AuthenticatingConnectionTest, WrongCredentialsFailForGoodAndAreNotShown) {
  verdicts = {{.error_code = 58, .error_message = "Invalid username or password"}};

  const Status status = open();

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_FALSE(status.retriable());
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("PLAIN"), HasSubstr("\"me\""), HasSubstr("broker:9093"),
                    HasSubstr("Invalid username or password"), HasSubstr("check sasl.username"),
                    Not(HasSubstr("canary"))));
  EXPECT_FALSE(connection.is_open());
}

TEST_F(AuthenticatingConnectionTest, AMechanismThatIsNotOfferedIsAnsweredWithThoseThatAre) {
  handshake = {.error_code = 33, .mechanisms = {"SCRAM-SHA-512", "OAUTHBEARER"}};

  const Status status = open();

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_FALSE(status.retriable());
  EXPECT_THAT(status.message(), HasSubstr("it offers: SCRAM-SHA-512, OAUTHBEARER"));
  EXPECT_THAT(heard, ElementsAre("handshake PLAIN"));
}

TEST_F(AuthenticatingConnectionTest, AListenerWithoutSaslIsSaid) {
  handshake = {.error_code = 34};

  EXPECT_THAT(open().message(), HasSubstr("security.protocol"));
}

TEST_F(AuthenticatingConnectionTest, ABrokerThatIsSilentIsTransportTrouble) {
  verdicts.clear();

  const Status status = open();

  EXPECT_EQ(status.code(), ErrorCode::timed_out);
  EXPECT_TRUE(status.retriable());
  EXPECT_FALSE(connection.is_open());
}

TEST_F(AuthenticatingConnectionTest, ABrokerThatCannotBeReachedIsNotAskedToAuthenticate) {
  beneath->unreachable = {secured};

  EXPECT_EQ(open().code(), ErrorCode::transport);
  EXPECT_TRUE(heard.empty());
}

TEST_F(AuthenticatingConnectionTest, ASessionIsRenewedBeforeItEnds) {
  verdicts = {{.session_lifetime_ms = 10'000}};
  ASSERT_TRUE(open().ok());
  heard.clear();

  clock.advance(8s);
  ASSERT_TRUE(send().ok());
  clock.advance(1s);
  ASSERT_TRUE(send().ok());
  clock.advance(8s);
  ASSERT_TRUE(send().ok());

  EXPECT_THAT(heard,
              ElementsAre("request", "handshake PLAIN", "authenticate", "request", "request"));
}

TEST_F(AuthenticatingConnectionTest, ASessionWithoutAnEndIsNotRenewed) {
  ASSERT_TRUE(open().ok());
  heard.clear();

  clock.advance(std::chrono::hours{1'000});
  ASSERT_TRUE(send().ok());

  EXPECT_THAT(heard, ElementsAre("request"));
}

TEST_F(AuthenticatingConnectionTest, ASessionThatIsNotRenewedClosesTheConnection) {
  verdicts = {{.session_lifetime_ms = 10'000},
              {.error_code = 58, .error_message = "the password has changed"}};
  ASSERT_TRUE(open().ok());

  clock.advance(9s);
  const Status status = send();

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_THAT(status.message(), HasSubstr("the password has changed"));
  EXPECT_FALSE(connection.is_open());
}

TEST_F(AuthenticatingConnectionTest, AnyLifetimeThatABrokerSaysIsBearable) {
  for (const std::int64_t lifetime : {std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::int64_t>::min(), std::int64_t{1}}) {
    verdicts = {{.session_lifetime_ms = lifetime}};

    EXPECT_TRUE(open().ok()) << lifetime;
    EXPECT_TRUE(send().ok()) << lifetime;
  }
}

TEST(AuthenticatingConnection, AnExchangeWithoutAnEndIsCutOff) {
  testing::ManualClock clock;
  auto beneath = std::make_unique<ScriptedConnection>();
  ScriptedConnection& scripted = *beneath;
  int asked = 0;
  scripted.on_send = [&] {
    if (split_request(scripted.sent.back()).header.api_key == SaslHandshakeRequest::api_key) {
      return scripted.answer_last(SaslHandshakeResponse{}, 0);
    }
    ++asked;
    scripted.answer_last(SaslAuthenticateResponse{.auth_bytes = "more"});
  };
  AuthenticatingConnection connection{
      std::move(beneath),
      SaslSettings{.mechanism = Mechanism::oauthbearer, .unsecured = "principal=me"}, clock};

  const Status status = connection.open(secured, 3s);

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_LE(asked, 8);
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
