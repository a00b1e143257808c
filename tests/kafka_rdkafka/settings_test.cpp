#include "kafka/rdkafka/settings.h"

#include "kafka/rdkafka/clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::kafka::rdkafka {

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string value_of(const ClientRequest& request, ClientSettings settings,
                     std::string_view setting) {
  settings.emplace("bootstrap.servers", "broker:9092");
  const Result<ConfPtr> conf = make_conf(request, settings);
  EXPECT_TRUE(conf.ok()) << conf.error().message();
  return conf.ok() ? value_in(conf->get(), setting) : "";
}

Status refusal(const ClientRequest& request, ClientSettings settings) {
  settings.emplace("bootstrap.servers", "broker:9092");
  return make_conf(request, settings).error();
}

TEST(Settings, ASettingThatIsRefusedIsNamed) {
  for (const auto& [name, value] :
       ClientSettings{{"fetch.min.bytes", "many"}, {"fetch.min.bites", "1"}}) {
    const Status status = refusal({}, {{name, value}});

    EXPECT_EQ(status.code(), ErrorCode::invalid_request);
    EXPECT_THAT(std::string{status.message()}, HasSubstr(name));
  }
}

TEST(Settings, TheValueOfASecretIsNotShown) {
  const Status status = refusal({}, {{"enable.sasl.oauthbearer.unsecure.jwt", "canary"}});

  EXPECT_EQ(status.code(), ErrorCode::invalid_request);
  EXPECT_THAT(std::string{status.message()}, HasSubstr("enable.sasl.oauthbearer.unsecure.jwt"));
  EXPECT_THAT(std::string{status.message()}, Not(HasSubstr("canary")));
}

TEST(Settings, ASecretMayBeNamedByTheUser) {
  const Status status =
      refusal({}, {{"fetch.min.bytes", "canary"}, {"secret.settings", "fetch.min.bytes"}});

  EXPECT_EQ(status.code(), ErrorCode::invalid_request);
  EXPECT_THAT(std::string{status.message()}, HasSubstr("fetch.min.bytes"));
  EXPECT_THAT(std::string{status.message()}, Not(HasSubstr("canary")));
}

TEST(Settings, WithoutAddressesThereIsNoClient) {
  const Status status = make_conf({}, {}).error();

  EXPECT_EQ(status.code(), ErrorCode::invalid_request);
  EXPECT_THAT(std::string{status.message()}, HasSubstr("bootstrap.servers"));
}

TEST(Settings, TheUsersComeOverTheDefaults) {
  EXPECT_EQ(value_of({.role = Role::producer}, {}, "linger.ms"), "5");
  EXPECT_EQ(value_of({.role = Role::producer}, {{"linger.ms", "77"}}, "linger.ms"), "77");
  EXPECT_EQ(value_of({}, {{"fetch.max.bytes", "5000000"}}, "fetch.max.bytes"), "5000000");
}

TEST(Settings, WhatResultsDependOnIsNotTheUsers) {
  EXPECT_EQ(value_of({}, {{"enable.auto.commit", "true"}}, "enable.auto.commit"), "false");
  EXPECT_EQ(value_of({}, {{"auto.offset.reset", "latest"}}, "auto.offset.reset"), "error");
  EXPECT_EQ(value_of({}, {{"group.id", "other"}}, "group.id"), "");
  EXPECT_EQ(value_of({.role = Role::producer}, {{"acks", "0"}}, "acks"), "-1");
  EXPECT_EQ(value_of({.role = Role::producer}, {{"partitioner", "random"}}, "partitioner"),
            "murmur2_random");
  EXPECT_EQ(value_of({.isolation = Isolation::read_uncommitted},
                     {{"isolation.level", "read_committed"}}, "isolation.level"),
            "read_uncommitted");
}

TEST(Settings, RecordsTimeOutBeforeTheirTransactionDoes) {
  const ClientRequest request{.role = Role::producer, .transactional_id = "id"};
  const ClientSettings transaction{{"transaction.timeout.ms", "5000"}};
  ClientSettings shorter = transaction;
  shorter.emplace("message.timeout.ms", "4000");
  ClientSettings longer = transaction;
  longer.emplace("message.timeout.ms", "300000");

  EXPECT_EQ(value_of(request, transaction, "message.timeout.ms"), "5000");
  EXPECT_EQ(value_of(request, shorter, "message.timeout.ms"), "4000");
  EXPECT_EQ(value_of(request, longer, "message.timeout.ms"), "5000");
}

TEST(Settings, OneOfAPairTakesTheOtherAlong) {
  EXPECT_EQ(value_of({}, {{"reconnect.backoff.ms", "3000"}}, "reconnect.backoff.max.ms"), "3000");
  EXPECT_EQ(value_of({}, {{"fetch.max.bytes", "200000000"}}, "receive.message.max.bytes"),
            "200000512");
  EXPECT_EQ(value_of({}, {{"reconnect.backoff.max.ms", "50"}}, "reconnect.backoff.max.ms"), "50");
}

TEST(Settings, LongClientIdsAreCut) {
  EXPECT_EQ(value_of({.client_id = std::string(300, 'c')}, {}, "client.id"), std::string(100, 'c'));
}

TEST(Settings, ScramIsRefusedExactlyWhereItCannotWork) {
  constexpr int first_good_version = 0x02060100;
  const bool works = rd_kafka_version() >= first_good_version;

  const Result<ConfPtr> made = make_conf({}, {{"bootstrap.servers", "broker:9092"},
                                              {"security.protocol", "sasl_ssl"},
                                              {"sasl.mechanisms", "SCRAM-SHA-512"},
                                              {"sasl.username", "u"},
                                              {"sasl.password", "p"}});

  EXPECT_EQ(made.error().code(), works ? ErrorCode::ok : ErrorCode::invalid_request);
  EXPECT_THAT(std::string{made.error().message()},
              HasSubstr(works ? "" : "use SASL PLAIN over TLS"));
}

TEST(Settings, SuccessIsReportedOnlyToAProducerThatTracksIt) {
  EXPECT_EQ(value_of({.role = Role::producer}, {}, "delivery.report.only.error"), "false");
  EXPECT_EQ(
      value_of({.role = Role::producer, .reports_acks = false}, {}, "delivery.report.only.error"),
      "true");
}

TEST(Settings, AContradictionIsRefusedByTheFactory) {
  const auto clients = make_clients(system_clock(), make_silent_logger());

  const auto made =
      clients->make_producer({.client_id = "p",
                              .transactional_id = {},
                              .settings = {{"bootstrap.servers", "broker:9092"},
                                           {"max.in.flight.requests.per.connection", "100"}}});

  EXPECT_EQ(made.error().code(), ErrorCode::invalid_request);
  EXPECT_THAT(std::string{made.error().message()}, HasSubstr("max.in.flight"));
}

}  // namespace

}  // namespace moldau::kafka::rdkafka
