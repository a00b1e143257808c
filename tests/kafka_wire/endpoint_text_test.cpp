#include "kafka/wire/endpoint_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::inline v0::kafka::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(BootstrapServers, AreHostsAndPortsSeparatedByCommas) {
  const auto servers = parse_bootstrap_servers("a:1, b.example:65535 ,,[::1]:9093,127.0.0.1:9092");

  ASSERT_TRUE(servers.ok()) << servers.error().message();
  EXPECT_THAT(*servers, ElementsAre(Endpoint{"a", 1}, Endpoint{"b.example", 65'535},
                                    Endpoint{"::1", 9093}, Endpoint{"127.0.0.1", 9092}));
}

TEST(BootstrapServers, ListenOn9092UnlessToldOtherwise) {
  const auto servers = parse_bootstrap_servers("a,[::1]");

  ASSERT_TRUE(servers.ok()) << servers.error().message();
  EXPECT_THAT(*servers, ElementsAre(Endpoint{"a", 9092}, Endpoint{"::1", 9092}));
}

TEST(BootstrapServers, MayNameThePlaintextProtocol) {
  const auto servers = parse_bootstrap_servers("PLAINTEXT://a:1,plaintext://[::1]");

  ASSERT_TRUE(servers.ok()) << servers.error().message();
  EXPECT_THAT(*servers, ElementsAre(Endpoint{"a", 1}, Endpoint{"::1", 9092}));
}

TEST(BootstrapServers, AreRefusedAsAWholeIfOneIsWrong) {
  for (const char* wrong :
       {"a:0", "a:65536", "a:x", "a:", "a:1x", ":9092", "[::1", "[::1]9092", "[]:1", "::1",
        "SSL://a:1", "a:-1", "PLAINTEXT://[PLAINTEXT://::1]:1", "[ a]:1", "a b:1", "a/b:1"}) {
    const auto servers = parse_bootstrap_servers(std::string{"good:1,"} + wrong);

    ASSERT_FALSE(servers.ok()) << wrong;
    EXPECT_EQ(servers.error().code(), ErrorCode::invalid_request);
    EXPECT_FALSE(servers.error().retriable());
    EXPECT_THAT(servers.error().message(), HasSubstr("\"" + std::string{wrong} + "\""));
  }
}

TEST(BootstrapServers, NameAtLeastOne) {
  for (const char* nothing : {"", " ", ",,"}) {
    EXPECT_EQ(parse_bootstrap_servers(nothing).error().code(), ErrorCode::invalid_request);
  }
}

TEST(Endpoint, IsWrittenAsItIsRead) {
  EXPECT_EQ(to_string(Endpoint{"host", 9092}), "host:9092");
  EXPECT_EQ(to_string(Endpoint{"::1", 9092}), "[::1]:9092");
}

}  // namespace
}  // namespace moldau::inline v0::kafka::wire
