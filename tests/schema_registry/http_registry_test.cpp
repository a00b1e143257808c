// A registry over HTTP, as an application meets it.

#include "schema_registry/http_client.h"
#include "schema_registry/registry_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace moldau {
namespace {

using shelf::Order;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using namespace std::chrono_literals;

// Ports of this machine that nobody listens at: servers choose from 1024 on.
constexpr const char* nobody = "http://127.0.0.1:1";
constexpr const char* nobody_either = "http://127.0.0.1:2";

TEST(HttpRegistry, IsAskedForWhatIsNewAndForNothingElse) {
  RegistryServer server;
  const auto writer = avro_serde<Order>(client_of(server), orders());
  const auto reader = avro_serde<Order>(client_of(server), orders());

  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(read_by(reader, written_by(writer, Order{"tea", i, {}}).bytes()),
              (Order{"tea", i, {}}));
  }

  EXPECT_THAT(server.requests(),
              ElementsAre("POST /subjects/orders-value/versions", "GET /schemas/ids/1"));
}

TEST(HttpRegistry, IsNotAskedWhenASerdeIsMade) {
  RegistryServer server;

  static_cast<void>(avro_serde<Order>(client_of(server), orders()));

  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(HttpRegistry, SchemasAreOnlyLookedUpIfTheyAreNotToBeRegistered) {
  RegistryServer server;
  static_cast<void>(
      server.schemas().add("orders-value", {SchemaType::avro, avro_schema<Order>().text()}, {}));
  const auto serde =
      avro_serde<Order>(client_of(server), {.topic = "orders", .auto_register = false});

  static_cast<void>(written_by(serde, Order{}));

  EXPECT_THAT(server.requests(), ElementsAre("POST /subjects/orders-value"));
}

TEST(HttpRegistry, SaysWhatToDoAboutASchemaThatIsNotRegistered) {
  RegistryServer server;

  EXPECT_THAT(failure_to_write(client_of(server), {.topic = "orders", .auto_register = false}),
              AllOf(HasSubstr(server.url()), HasSubstr("subject \"orders-value\""),
                    HasSubstr("POST /subjects/orders-value"), HasSubstr("HTTP status 404"),
                    HasSubstr("40403"), HasSubstr("Schema not found"), HasSubstr("register")));
}

TEST(HttpRegistry, NormalizesIfToldTo) {
  RegistryServer server;
  const auto registry = client_of(server);
  const SchemaDefinition schema{SchemaType::avro, R"("int")"};

  static_cast<void>(registry->add("s", schema, {.normalize = true}));
  static_cast<void>(registry->find("s", schema, {.normalize = true}));

  EXPECT_THAT(server.requests(), ElementsAre("POST /subjects/s/versions?normalize=true",
                                             "POST /subjects/s?normalize=true"));
}

TEST(HttpRegistry, SubjectsMayHaveAnyCharacter) {
  RegistryServer server;
  const auto registry = client_of(server);
  const SchemaDefinition schema{SchemaType::avro, R"("int")"};

  static_cast<void>(registry->add("a b/c%", schema, {}));

  EXPECT_THAT(server.requests(), ElementsAre("POST /subjects/a%20b%2Fc%25/versions"));
}

TEST(HttpRegistry, FollowsReferences) {
  RegistryServer server;
  const std::string address = avro_schema<shelf::Address>().text();
  static_cast<void>(server.schemas().add("address", {SchemaType::avro, address}, {}));
  const SchemaId id = server.schemas().add("parcel",
                                           {SchemaType::avro,
                                            R"({"type":"array","items":"shop.Address"})",
                                            {{"shop.Address", "address", SchemaVersion{1}}}},
                                           {});
  const auto serde = avro_serde<std::vector<shelf::Address>>(client_of(server), orders());
  ByteBuffer bytes{Bytes{std::string_view{"\0\0\0\0\2\2\2x\4\0", 10}}};

  EXPECT_EQ(id, SchemaId{2});
  EXPECT_THAT(read_by(serde, bytes.bytes()), ElementsAre(shelf::Address{"x", 2}));
  EXPECT_THAT(server.requests(),
              ElementsAre("GET /schemas/ids/2", "GET /subjects/address/versions/1"));
}

TEST(HttpRegistry, AnUnknownIdIsAnErrorOfTheRecordAndAskedForOnce) {
  RegistryServer server;
  const auto serde = avro_serde<Order>(client_of(server), orders());
  const Bytes bytes{std::string_view{"\0\0\0\0\7x", 6}};

  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(failure_of<SerdeError>([&] { static_cast<void>(read_by(serde, bytes)); }),
                AllOf(HasSubstr("schema id 7"), HasSubstr("another registry")));
  }
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(HttpRegistry, SomethingElseThatSays404IsNoErrorOfTheRecord) {
  RegistryServer server{"/api"};
  const auto serde = avro_serde<Order>(client_of(server), orders());
  const Bytes bytes{std::string_view{"\0\0\0\0\7x", 6}};

  EXPECT_THAT(failure_of<SchemaRegistryError>([&] { static_cast<void>(read_by(serde, bytes)); }),
              AllOf(HasSubstr("HTTP status 404"), HasSubstr("the path it is served under")));
}

TEST(HttpRegistry, MayBeBehindAPath) {
  RegistryServer server{"/api/registry"};
  const auto registry = make_schema_registry({server.url() + "/api/registry/"}, quick());

  EXPECT_EQ(failure_to_write(registry), "nothing thrown");
}

TEST(HttpRegistry, TriesAgainWhatMaySucceedLater) {
  for (const int status : {408, 429, 500, 503}) {
    RegistryServer server;
    server.fail_next(2, status);

    EXPECT_EQ(failure_to_write(client_of(server)), "nothing thrown");
    EXPECT_THAT(server.requests(), SizeIs(3)) << status;
  }
}

TEST(HttpRegistry, GivesUpAfterSomeTriesAndMayBeAskedAgain) {
  RegistryServer server;
  server.fail_next(3, 503);
  const auto registry = client_of(server);

  EXPECT_THAT(failure_to_write(registry),
              AllOf(HasSubstr("3 tries"), HasSubstr(server.url()), HasSubstr("HTTP status 503")));
  EXPECT_EQ(failure_to_write(registry), "nothing thrown");
}

TEST(HttpRegistry, DoesNotTryAgainWhatWasRefused) {
  RegistryServer server;
  server.refuse(409, 409, "Schema being registered is incompatible with an earlier schema");

  EXPECT_THAT(failure_to_write(client_of(server)),
              AllOf(HasSubstr("subject \"orders-value\""), HasSubstr("HTTP status 409"),
                    HasSubstr("incompatible with an earlier schema"), HasSubstr("defaults")));
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST(HttpRegistry, AnyOfItsUrlsMayAnswerAndStaysTheFirst) {
  RegistryServer first;
  RegistryServer second;
  first.fail_next(1, 500);
  const auto registry = make_schema_registry({nobody, first.url(), second.url()}, quick());
  const SchemaDefinition schema{SchemaType::avro, R"("int")"};

  static_cast<void>(registry->add("a", schema, {}));
  static_cast<void>(registry->add("b", schema, {}));

  EXPECT_THAT(first.requests(), SizeIs(1));
  EXPECT_THAT(second.requests(), SizeIs(2));
}

TEST(HttpRegistry, NamesEveryUrlThatDidNotAnswer) {
  EXPECT_THAT(failure_to_write(make_schema_registry({nobody, nobody_either}, quick())),
              AllOf(HasSubstr("127.0.0.1:1: no answer"), HasSubstr("127.0.0.1:2: no answer")));
}

TEST(HttpRegistry, AnAnswerThatIsNoSchemaIsAnError) {
  httplib::Server server;
  server.Post(".*", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("<html>welcome</html>", "text/html");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread{[&] { server.listen_after_bind(); }};
  while (!server.is_running()) std::this_thread::yield();

  const std::string failure =
      failure_to_write(make_schema_registry({"http://127.0.0.1:" + std::to_string(port)}, quick()));
  server.stop();
  thread.join();

  EXPECT_THAT(failure, AllOf(HasSubstr("HTTP status 200"), HasSubstr("something else")));
}

TEST(HttpRegistry, AuthenticatesAsAUserOrWithAToken) {
  RegistryServer server;
  SchemaRegistryOptions as_user = quick();
  as_user.user = "me";
  as_user.password = "secret";
  SchemaRegistryOptions with_token = quick();
  with_token.bearer_token = "token";

  static_cast<void>(failure_to_write(client_of(server)));
  EXPECT_EQ(server.header("Authorization"), "");
  static_cast<void>(failure_to_write(client_of(server, as_user)));
  EXPECT_EQ(server.header("Authorization"), "Basic bWU6c2VjcmV0");
  static_cast<void>(failure_to_write(client_of(server, with_token)));
  EXPECT_EQ(server.header("Authorization"), "Bearer token");
}

TEST(HttpRegistry, SaysWhatToDoAboutAMissingUserWithoutShowingThePassword) {
  RegistryServer server;
  server.refuse(401, 401, "Unauthorized");
  SchemaRegistryOptions options = quick();
  options.user = "me";
  options.password = "secret";

  const std::string failure = failure_to_write(client_of(server, options));

  EXPECT_THAT(failure, AllOf(HasSubstr("HTTP status 401"), HasSubstr("user and password")));
  EXPECT_THAT(failure, Not(HasSubstr("secret")));
}

TEST(HttpRegistry, SpeaksTheMediaTypeOfTheRegistry) {
  RegistryServer server;

  static_cast<void>(failure_to_write(client_of(server)));

  EXPECT_EQ(server.header("Content-Type"), "application/vnd.schemaregistry.v1+json");
  EXPECT_THAT(server.header("Accept"), HasSubstr("application/vnd.schemaregistry.v1+json"));
}

TEST(HttpRegistry, NamesEveryProblemOfItsOptions) {
  EXPECT_THAT(failure_of<ConfigError>([] {
                static_cast<void>(make_schema_registry({"host", "http://me:secret@host"},
                                                       {.user = "me",
                                                        .bearer_token = "t",
                                                        .certificate_file = "c",
                                                        .timeout = 0ms,
                                                        .retries = -1,
                                                        .backoff = 10s}));
              }),
              AllOf(HasSubstr("http://host:8081"), HasSubstr("a URL has a user"),
                    HasSubstr("bearer token"), HasSubstr("key_file"), HasSubstr("timeout"),
                    HasSubstr("retries"), HasSubstr("max_backoff"), Not(HasSubstr("secret"))));
  EXPECT_THAT(failure_of<ConfigError>([] { static_cast<void>(make_schema_registry({})); }),
              HasSubstr("no URL"));
}

}  // namespace
}  // namespace moldau
