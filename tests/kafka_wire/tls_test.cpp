#include "moldau/base/clock.h"

#include "certificate_authority.h"
#include "kafka/wire/make_connection.h"
#include "kafka_wire/by_hand.h"
#include "kafka_wire/loopback.h"
#include "kafka_wire/tls_peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace moldau::inline v0::kafka::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string for_loopback = "IP:127.0.0.1";

std::string contents(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// An authority and what it has signed, made once: keys take time.
struct Certificates {
  CertificateAuthority authority;
  CertificateAuthority::Identity broker = authority.issue(for_loopback);
  CertificateAuthority::Identity client = authority.issue("DNS:client");
};
Certificates& certificates() {
  static Certificates made;
  return made;
}

class TlsTest : public ::testing::Test {
 protected:
  static TlsPeer::Options of(const CertificateAuthority::Identity& identity) {
    return {.certificate_file = identity.certificate_file, .key_file = identity.key_file};
  }
  static ClientSettings trusting() {
    return {{"security.protocol", "SSL"},
            {"ssl.ca.location", certificates().authority.certificate_file()}};
  }
  static std::unique_ptr<Connection> make(const ClientSettings& settings) {
    auto made = make_connection(settings, system_clock());
    if (!made.ok()) throw std::runtime_error{std::string{made.error().message()}};
    return *std::move(made);
  }

  // Connects to `peer`, which accepts on a thread.
  Status meet(TlsPeer& peer, Connection& connection) {
    std::thread other_end{[&] { accepted = peer.accept(listener); }};
    const Status opened = connection.open(listener.endpoint(), 20s);
    other_end.join();
    return opened;
  }
  Status refusal(const TlsPeer::Options& options, const ClientSettings& settings) {
    TlsPeer peer{options};
    const auto connection = make(settings);
    Status status = meet(peer, *connection);
    EXPECT_FALSE(connection->is_open());
    return status;
  }

  Listener listener;
  bool accepted = false;
};

std::string taken_from(Connection& connection, std::chrono::milliseconds timeout = 20s) {
  const auto frame = connection.receive(timeout);
  if (!frame.ok()) return "failed: " + std::string{frame.error().message()};
  return *frame ? std::string{(*frame)->bytes().text()} : "nothing";
}

TEST_F(TlsTest, CarriesFramesBothWaysInEveryVersionThatIsSpoken) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer::Options options = of(certificates().broker);
    options.only_version = version;
    TlsPeer peer{options};
    const auto connection = make(trusting());
    const Status opened = meet(peer, *connection);
    ASSERT_TRUE(opened.ok()) << opened.message();

    ASSERT_TRUE(connection->send(Bytes{"question"}, 10s).ok());
    EXPECT_EQ(peer.receive_frame().bytes().text(), "question");
    peer.send_frame(Bytes{"answer"});
    EXPECT_EQ(taken_from(*connection), "answer");
  }
}

TEST_F(TlsTest, OlderVersionsAreNotSpoken) {
  TlsPeer::Options options = of(certificates().broker);
  options.only_version = TLS1_1_VERSION;

  const Status status = refusal(options, trusting());

  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(accepted);
}

TEST_F(TlsTest, AFrameLargerThanTheBuffersPassesBothWays) {
  TlsPeer peer{of(certificates().broker)};
  const auto connection = make(trusting());
  ASSERT_TRUE(meet(peer, *connection).ok());
  const std::string large(std::size_t{4} * 1024 * 1024, 'x');
  std::thread echo{[&] { peer.send_frame(peer.receive_frame()); }};

  const Status sent = connection->send(Bytes{large}, 30s);
  const std::string back = taken_from(*connection, 30s);
  echo.join();

  EXPECT_TRUE(sent.ok()) << sent.message();
  EXPECT_TRUE(back == large);
}

TEST_F(TlsTest, NewKeysInTheMiddleAreAnswered) {
  TlsPeer peer{of(certificates().broker)};
  const auto connection = make(trusting());
  ASSERT_TRUE(meet(peer, *connection).ok());

  peer.update_keys();
  peer.send_frame(Bytes{"with new keys"});
  EXPECT_EQ(taken_from(*connection), "with new keys");
  ASSERT_TRUE(connection->send(Bytes{"understood"}, 10s).ok());

  EXPECT_EQ(peer.receive_frame().bytes().text(), "understood");
}

TEST_F(TlsTest, WakingEndsAReceiveAndNotTheHandshake) {
  TlsPeer peer{of(certificates().broker)};
  const auto connection = make(trusting());
  connection->wake();

  ASSERT_TRUE(meet(peer, *connection).ok());

  EXPECT_EQ(taken_from(*connection, 60s), "nothing");
  peer.send_frame(Bytes{"a"});
  EXPECT_EQ(taken_from(*connection), "a");
}

TEST_F(TlsTest, APeerThatClosesIsATransportFailure) {
  TlsPeer peer{of(certificates().broker)};
  const auto connection = make(trusting());
  ASSERT_TRUE(meet(peer, *connection).ok());

  peer.close();

  EXPECT_THAT(taken_from(*connection), HasSubstr("closed the connection"));
  EXPECT_FALSE(connection->is_open());
}

TEST_F(TlsTest, ABrokerOfAnotherAuthorityIsRefused) {
  CertificateAuthority other;

  const Status status = refusal(of(other.issue(for_loopback)), trusting());

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_FALSE(status.retriable());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("127.0.0.1:" + std::to_string(listener.port())),
                                      HasSubstr("ssl.ca.location")));
  EXPECT_FALSE(accepted);
}

TEST_F(TlsTest, ABrokerWithACertificateForAnotherNameIsRefused) {
  const auto stranger = certificates().authority.issue("DNS:elsewhere.example");

  const Status status = refusal(of(stranger), trusting());

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_FALSE(status.retriable());
  EXPECT_THAT(status.message(), HasSubstr("another name"));
}

TEST_F(TlsTest, TheNameIsNotLookedAtIfThatIsSwitchedOff) {
  TlsPeer peer{of(certificates().authority.issue("DNS:elsewhere.example"))};
  ClientSettings settings = trusting();
  settings["ssl.endpoint.identification.algorithm"] = "none";
  const auto connection = make(settings);

  EXPECT_TRUE(meet(peer, *connection).ok());
}

TEST_F(TlsTest, WithoutItsNameCheckedTheAuthorityStillCounts) {
  CertificateAuthority other;
  ClientSettings settings = trusting();
  settings["ssl.endpoint.identification.algorithm"] = "none";

  EXPECT_EQ(refusal(of(other.issue(for_loopback)), settings).code(),
            ErrorCode::authentication_failed);
}

TEST_F(TlsTest, AnyCertificateIsTakenIfThatIsAskedFor) {
  CertificateAuthority other;
  TlsPeer peer{of(other.issue("DNS:elsewhere.example"))};
  ClientSettings settings = trusting();
  settings["enable.ssl.certificate.verification"] = "false";
  const auto connection = make(settings);

  EXPECT_TRUE(meet(peer, *connection).ok());
}

TEST_F(TlsTest, OurCertificateIsShownToABrokerThatAsks) {
  TlsPeer::Options options = of(certificates().broker);
  options.client_ca = certificates().authority.certificate_file();
  TlsPeer peer{options};
  ClientSettings settings = trusting();
  settings["ssl.certificate.location"] = certificates().client.certificate_file;
  settings["ssl.key.location"] = certificates().authority.encrypted_key(certificates().client);
  settings["ssl.key.password"] = "secret";
  const auto connection = make(settings);

  EXPECT_TRUE(meet(peer, *connection).ok());

  EXPECT_TRUE(accepted);
}

TEST_F(TlsTest, CertificatesMayBeGivenInPlaceOfFiles) {
  TlsPeer::Options options = of(certificates().broker);
  options.client_ca = certificates().authority.certificate_file();
  TlsPeer peer{options};
  const auto connection =
      make({{"security.protocol", "SSL"},
            {"ssl.ca.pem", contents(certificates().authority.certificate_file())},
            {"ssl.certificate.pem", contents(certificates().client.certificate_file)},
            {"ssl.key.pem", contents(certificates().client.key_file)}});

  EXPECT_TRUE(meet(peer, *connection).ok());

  EXPECT_TRUE(accepted);
}

// In TLS 1.3 the client hears of it only after its own handshake has ended.
TEST_F(TlsTest, ABrokerThatMissesOurCertificateIsAnAuthenticationFailure) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer::Options options = of(certificates().broker);
    options.client_ca = certificates().authority.certificate_file();
    options.only_version = version;
    TlsPeer peer{options};
    const auto connection = make(trusting());

    Status status = meet(peer, *connection);
    if (status.ok()) {
      const auto frame = connection->receive(20s);
      ASSERT_FALSE(frame.ok());
      status = frame.error();
    }

    EXPECT_FALSE(accepted);
    EXPECT_EQ(status.code(), ErrorCode::authentication_failed) << status.message();
    EXPECT_FALSE(status.retriable());
    EXPECT_THAT(status.message(), HasSubstr("ssl.certificate.location"));
  }
}

TEST_F(TlsTest, APeerThatSpeaksNoTlsIsRefused) {
  const auto connection = make(trusting());
  std::thread other_end{[&] {
    Peer peer = listener.accept();
    peer.send(Bytes{"HTTP/1.1 400 Bad Request\r\n\r\n"});
    peer.receive(1);
  }};

  const Status status = connection->open(listener.endpoint(), 20s);
  other_end.join();

  EXPECT_EQ(status.code(), ErrorCode::authentication_failed);
  EXPECT_THAT(status.message(), HasSubstr("security.protocol"));
}

TEST_F(TlsTest, APeerThatSaysNothingIsWaitedForOnlySoLong) {
  const auto connection = make(trusting());

  const Status status = connection->open(listener.endpoint(), 20ms);

  EXPECT_EQ(status.code(), ErrorCode::transport);
  EXPECT_TRUE(status.retriable());
  EXPECT_THAT(status.message(), HasSubstr("in time"));
}

std::string trouble_with(const ClientSettings& settings) {
  const auto made = make_connection(settings, system_clock());
  if (made.ok()) return "none";
  EXPECT_EQ(made.error().code(), ErrorCode::invalid_request);
  EXPECT_FALSE(made.error().retriable());
  return std::string{made.error().message()};
}

TEST_F(TlsTest, AFileThatCannotBeUsedIsNamedWithItsSetting) {
  const auto with = [](ClientSettings more) {
    ClientSettings settings = trusting();
    for (auto& [name, value] : more) settings[name] = value;
    return trouble_with(settings);
  };
  const std::string certificate = certificates().client.certificate_file;
  const std::string key = certificates().client.key_file;
  const std::string locked = certificates().authority.encrypted_key(certificates().client);

  EXPECT_THAT(with({{"ssl.ca.location", "/no/such/file"}}),
              AllOf(HasSubstr("ssl.ca.location"), HasSubstr("/no/such/file")));
  EXPECT_THAT(with({{"ssl.ca.location", key}}), HasSubstr("ssl.ca.location"));
  EXPECT_THAT(with({{"ssl.ca.pem", "nonsense"}}),
              AllOf(HasSubstr("ssl.ca.pem"), Not(HasSubstr("nonsense"))));
  EXPECT_THAT(with({{"ssl.crl.location", "/no/such/file"}}), HasSubstr("ssl.crl.location"));
  EXPECT_THAT(with({{"ssl.cipher.suites", "NONE-SUCH"}}), HasSubstr("ssl.cipher.suites"));
  EXPECT_THAT(with({{"ssl.certificate.location", "/no/such/file"}, {"ssl.key.location", key}}),
              AllOf(HasSubstr("ssl.certificate.location"), HasSubstr("/no/such/file")));
  EXPECT_THAT(with({{"ssl.certificate.location", certificate}, {"ssl.key.location", "/none"}}),
              AllOf(HasSubstr("ssl.key.location"), HasSubstr("/none")));
  EXPECT_THAT(with({{"ssl.certificate.location", certificate},
                    {"ssl.key.location", certificates().broker.key_file}}),
              HasSubstr("does not belong"));
  EXPECT_THAT(with({{"ssl.certificate.location", certificate}, {"ssl.key.location", locked}}),
              HasSubstr("ssl.key.password"));
  EXPECT_THAT(with({{"ssl.certificate.location", certificate},
                    {"ssl.key.location", locked},
                    {"ssl.key.password", "canary"}}),
              AllOf(HasSubstr("ssl.key.password"), Not(HasSubstr("canary"))));
  EXPECT_THAT(with({{"ssl.key.location", key}}), HasSubstr("without ssl.certificate.location"));
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
