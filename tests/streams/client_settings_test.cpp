#include "streams/client_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::streams {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(ClientSettings, JavasNamesBecomeLibrdkafkas) {
  const TranslatedSettings producer =
      translate({{"producer.buffer.memory", "33554432"}, {"producer.compression.type", "lz4"}},
                ClientRole::producer);

  EXPECT_THAT(producer.settings, UnorderedElementsAre(Pair("queue.buffering.max.kbytes", "32768"),
                                                      Pair("compression.codec", "lz4")));
}

TEST(ClientSettings, LibrdkafkasOwnNamesPass) {
  EXPECT_THAT(
      translate({{"consumer.queued.min.messages", "5"}, {"consumer.socket.timeout.ms", "7"}},
                ClientRole::main_consumer)
          .settings,
      UnorderedElementsAre(Pair("queued.min.messages", "5"), Pair("socket.timeout.ms", "7")));
}

TEST(ClientSettings, AMoreSpecificPrefixWins) {
  const ClientMap clients{{"fetch.min.bytes", "1"},
                          {"consumer.fetch.min.bytes", "2"},
                          {"main.consumer.fetch.min.bytes", "3"},
                          {"restore.consumer.fetch.min.bytes", "4"}};

  EXPECT_THAT(translate(clients, ClientRole::main_consumer).settings,
              ElementsAre(Pair("fetch.min.bytes", "3")));
  EXPECT_THAT(translate(clients, ClientRole::restore_consumer).settings,
              ElementsAre(Pair("fetch.min.bytes", "4")));
}

TEST(ClientSettings, WithoutAPrefixASettingGoesOnlyToClientsThatKnowIt) {
  const ClientMap clients{{"linger.ms", "3"}, {"request.timeout.ms", "9"}};

  EXPECT_THAT(translate(clients, ClientRole::main_consumer).settings,
              ElementsAre(Pair("socket.timeout.ms", "9")));
  EXPECT_THAT(translate(clients, ClientRole::producer).settings,
              UnorderedElementsAre(Pair("linger.ms", "3"), Pair("socket.timeout.ms", "9")));
}

TEST(ClientSettings, WhatTheLibraryDecidesIsIgnoredWithAWarning) {
  const TranslatedSettings consumer =
      translate({{"consumer.enable.auto.commit", "true"}}, ClientRole::main_consumer);

  EXPECT_THAT(consumer.settings, IsEmpty());
  EXPECT_THAT(consumer.warnings, ElementsAre(HasSubstr("consumer.enable.auto.commit")));
}

TEST(ClientSettings, WhatCannotBeHadIsAProblemThatSaysWhatToDo) {
  EXPECT_THAT(translate({{"producer.partitioner.class", "x"}}, ClientRole::producer).problems,
              ElementsAre(HasSubstr("partitioner of a sink")));
  EXPECT_THAT(translate({{"producer.buffer.memory", "much"}}, ClientRole::producer).problems,
              ElementsAre(HasSubstr("a number of bytes")));
}

TEST(ClientSettings, SecurityGoesToAllClients) {
  const ClientMap clients{{"sasl.mechanism", "PLAIN"},
                          {"sasl.password", "p"},
                          {"ssl.endpoint.identification.algorithm", ""}};

  for (const ClientRole role :
       {ClientRole::main_consumer, ClientRole::restore_consumer, ClientRole::global_consumer,
        ClientRole::producer, ClientRole::admin}) {
    EXPECT_THAT(translate(clients, role).settings,
                UnorderedElementsAre(Pair("sasl.mechanisms", "PLAIN"), Pair("sasl.password", "p"),
                                     Pair("ssl.endpoint.identification.algorithm", "none")));
  }
}

TEST(ClientSettings, TheLibrarysOwnSettingsAreKeptApart) {
  EXPECT_THAT(translate({{"max.poll.records", "10"}}, ClientRole::main_consumer).ours,
              ElementsAre(Pair("max.poll.records", "10")));
}

TEST(ClientSettings, TopicSettingsAreForInternalTopics) {
  EXPECT_THAT(topic_settings({{"topic.segment.bytes", "1000"}, {"linger.ms", "1"}}),
              ElementsAre(Pair("segment.bytes", "1000")));
}

}  // namespace
}  // namespace moldau::streams
