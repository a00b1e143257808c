// Registries that answer badly, late, or in the middle no more.

#include "kafka_wire/loopback.h"
#include "schema_registry/http_client.h"
#include "schema_registry/registry_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <string>
#include <thread>

namespace moldau {
namespace {

using kafka::wire::Listener;
using kafka::wire::Peer;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

// What takes connections where a registry is expected. Each is treated as `treat` says.
class BrokenServer {
 public:
  explicit BrokenServer(int connections, std::function<void(Peer&)> treat)
      : thread_([this, connections, treat = std::move(treat)] {
          for (int i = 0; i < connections; ++i) {
            Peer peer = listener_.accept();
            try {
              treat(peer);
            } catch (const std::runtime_error&) {
              // The client has gone.
            }
          }
        }) {}
  ~BrokenServer() { thread_.join(); }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(listener_.port());
  }

 private:
  Listener listener_;
  std::thread thread_;
};

Bytes bytes_of(std::string_view text) { return Bytes{text}; }

void take_request(Peer& peer) {
  std::string seen;
  while (seen.find("\r\n\r\n") == std::string::npos) seen += peer.receive(1).take_text();
}

SchemaRegistryOptions once(std::chrono::milliseconds timeout = 5s) {
  SchemaRegistryOptions options = quick();
  options.timeout = timeout;
  options.retries = 0;
  return options;
}

std::string failure_to_read(const std::shared_ptr<SchemaRegistry>& registry) {
  return failure_of<SchemaRegistryError>([&] { static_cast<void>(registry->schema(SchemaId{1})); });
}

TEST(FailingRegistry, IsAskedAgainIfItGoesAwayInTheMiddleOfAnAnswer) {
  int connections = 0;
  BrokenServer server{2, [&](Peer& peer) {
                        take_request(peer);
                        peer.send(bytes_of("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"));
                        peer.send(bytes_of(R"({"schema)"));
                        if (++connections == 2) peer.send(bytes_of(R"(":"\"int\""})"));
                      }};

  EXPECT_EQ(client_of(server)->schema(SchemaId{1})->text, R"("int")");
}

TEST(FailingRegistry, IsGivenUpAfterTheTimeout) {
  std::promise<void> given_up;
  BrokenServer server{1, [&](Peer&) { given_up.get_future().wait(); }};

  EXPECT_THAT(failure_to_read(client_of(server, once(50ms))),
              AllOf(HasSubstr(server.url()), HasSubstr("the time was up")));
  given_up.set_value();
}

TEST(FailingRegistry, MayNotTakeLongerByTellingALittleNowAndThen) {
  BrokenServer server{1, [&](Peer& peer) {
                        take_request(peer);
                        peer.send(bytes_of("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"));
                        for (int i = 0; i < 100'000; ++i) {
                          peer.send(bytes_of(" "));
                          std::this_thread::sleep_for(1ms);  // well below the timeout
                        }
                      }};

  EXPECT_THAT(failure_to_read(client_of(server, once(300ms))),
              HasSubstr("not complete after 300 ms"));
}

TEST(FailingRegistry, CannotFillTheMemory) {
  const std::string much(1U << 20U, ' ');
  BrokenServer server{
      1, [&](Peer& peer) {
        take_request(peer);
        peer.send(bytes_of("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"));
        while (true) peer.send(bytes_of(much));
      }};

  EXPECT_THAT(failure_to_read(client_of(server, once(30s))), HasSubstr("it is longer than"));
}

TEST(FailingRegistry, WhatIsKnownIsReadWhileItIsAway) {
  auto server = std::make_unique<RegistryServer>();
  const int port = server->port();
  const auto registry = client_of(*server);
  const auto serde = avro_serde<shelf::Order>(registry, orders());
  const ByteBuffer written = written_by(serde, shelf::Order{"tea", 1, {}});
  EXPECT_EQ(read_by(serde, written).item, "tea");
  server.reset();

  EXPECT_EQ(read_by(serde, written).item, "tea");
  EXPECT_EQ(written_by(serde, shelf::Order{"tea", 1, {}}), written);
  EXPECT_THAT(failure_to_write(registry, {.topic = "others"}), HasSubstr("no answer"));

  server = std::make_unique<RegistryServer>("", port);
  EXPECT_EQ(failure_to_write(registry, {.topic = "others"}), "nothing thrown");
}

TEST(FailingRegistry, IsAskedAgainAfterPausesThatGrow) {
  RegistryServer server;
  server.fail_next(3, 503);
  SchemaRegistryOptions options = quick();
  options.retries = 3;
  options.backoff = 50ms;
  options.max_backoff = 100ms;

  static_cast<void>(failure_to_write(client_of(server, options)));

  // A fifth may be taken off.
  EXPECT_THAT(server.pauses(), ElementsAre(Ge(40ms), Ge(80ms), Ge(80ms)));
}

TEST(FailingRegistry, PausesHaveALimit) {
  RegistryServer server;
  server.fail_next(100, 503);
  SchemaRegistryOptions options = quick();
  options.retries = 30;  // 2^30 ms are twelve days
  options.max_backoff = 2ms;

  EXPECT_THAT(failure_to_write(client_of(server, options)), HasSubstr("after 31 tries"));
}

TEST(FailingRegistry, RedirectsAreToldAndNotFollowed) {
  RegistryServer target;
  const std::string answer =
      "HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nLocation: " + target.url() +
      "/login?ticket=secret\r\n\r\n";
  BrokenServer server{1, [&](Peer& peer) {
                        take_request(peer);
                        peer.send(bytes_of(answer));
                      }};

  EXPECT_THAT(failure_to_read(client_of(server)),
              AllOf(HasSubstr("HTTP status 307"), HasSubstr(target.url() + "/login\""),
                    HasSubstr("give the URL of the registry"), Not(HasSubstr("secret"))));
  EXPECT_THAT(target.requests(), IsEmpty());
}

TEST(FailingRegistry, SaysWhyASchemaIsNoSchema) {
  RegistryServer server;
  server.refuse(422, 42201, "Invalid schema: no type");

  EXPECT_THAT(failure_to_write(client_of(server)),
              AllOf(HasSubstr("HTTP status 422, error 42201: Invalid schema: no type"),
                    HasSubstr("no valid schema")));
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(FailingRegistry, CredentialsAreInNoError) {
  SchemaRegistryOptions as_user = quick();
  as_user.user = "me";
  as_user.password = "hidden-password";
  SchemaRegistryOptions with_token = quick();
  with_token.bearer_token = "hidden-token";
  std::vector<std::string> failures;

  for (const SchemaRegistryOptions& options : {as_user, with_token}) {
    for (const int status : {301, 401, 403, 404, 409, 422, 500}) {
      RegistryServer server;
      server.refuse(status, status, "no");
      failures.push_back(failure_to_write(client_of(server, options)));
    }
    failures.push_back(failure_to_write(make_schema_registry({"http://127.0.0.1:1"}, options)));
    failures.push_back(failure_to_write(make_schema_registry({"https://127.0.0.1:1"}, options)));
  }

  EXPECT_THAT(failures, Each(AllOf(HasSubstr("schema registry"), Not(HasSubstr("hidden")))));
}

}  // namespace
}  // namespace moldau
