// Records that an exception handler puts aside: KIP-1034.

#include "moldau/testing/topology_test_driver.h"

#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <stdexcept>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr const char* dead = "dead";

std::string text_of(const Headers& headers, std::string_view key) {
  const Header* header = headers.last(key);
  if (header == nullptr) return "no such header";
  return header->value ? std::string{header->value->bytes().text()} : "null";
}

Topology pricing() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values(
          [](const std::string& value) -> std::string {
            if (value == "bad") throw std::invalid_argument("cannot price this");
            if (value == "odd") throw 7;
            if (value == "deep") {
              try {
                throw std::runtime_error("no rate");
              } catch (...) {
                std::throw_with_nested(std::logic_error("no price"));
              }
            }
            return value + "!";
          },
          {.name = "price"})
      .to("out");
  return builder.build();
}

Topology numbers() {
  StreamsBuilder builder;
  builder.stream<std::string, std::int64_t>("in").to("out");
  return builder.build();
}

// In the test driver: what the letters hold.
class DeadLetters : public ::testing::Test {
 protected:
  Config config_ = [] {
    Config config{.application_id = "app"};
    config.logger = make_silent_logger();
    config.errors_dead_letter_queue_topic_name = dead;
    return config;
  }();

  static testing::RawTestRecord record(const std::string& value) {
    testing::RawTestRecord record;
    record.topic = "in";
    record.key.emplace(Bytes{std::string_view{"k"}});
    record.value.emplace(Bytes{std::string_view{value}});
    record.timestamp = Timestamp{42};
    record.headers.add("trace", "t1");
    return record;
  }
  // The one letter that comes of a value.
  testing::RawTestRecord letter(const Topology& topology, const std::string& value) {
    testing::TopologyTestDriver driver{topology, config_};
    driver.pipe(record("1234567!"));
    static_cast<void>(driver.take_sent());
    driver.pipe(record(value));
    const std::vector<testing::RawTestRecord> sent = driver.take_sent();
    EXPECT_THAT(sent, SizeIs(1));
    EXPECT_EQ(driver.metric("dropped-records-total"), 1);
    return sent.at(0);
  }
};

TEST_F(DeadLetters, HoldTheInputAsItCameAndSayWhatHappened) {
  config_.processing_exception_handler = continue_on_processing_error();

  const auto sent = letter(pricing(), "bad");

  EXPECT_EQ(sent.topic, dead);
  EXPECT_EQ(sent.key, record("bad").key);
  EXPECT_EQ(sent.value, record("bad").value);
  EXPECT_EQ(sent.timestamp, Timestamp{42});
  std::vector<std::string> keys;
  for (const Header& header : sent.headers) keys.push_back(header.key);
  EXPECT_THAT(keys, ElementsAre("trace", "__streams.errors.exception", "__streams.errors.message",
                                "__streams.errors.stacktrace", "__streams.errors.topic",
                                "__streams.errors.partition", "__streams.errors.offset"));
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.exception"), "std::invalid_argument");
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.message"), "cannot price this");
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.stacktrace"),
            "std::invalid_argument: cannot price this");
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.topic"), "in");
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.partition"), "0");
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.offset"), "1");
}

TEST_F(DeadLetters, OfAnErrorWithoutTextHaveANullMessage) {
  config_.processing_exception_handler = continue_on_processing_error();

  const auto sent = letter(pricing(), "odd");

  EXPECT_EQ(text_of(sent.headers, "__streams.errors.exception"), "int");
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.message"), "null");
}

TEST_F(DeadLetters, TellWhatAnErrorWasCausedBy) {
  config_.processing_exception_handler = continue_on_processing_error();

  const auto sent = letter(pricing(), "deep");

  EXPECT_THAT(text_of(sent.headers, "__streams.errors.stacktrace"),
              AllOf(HasSubstr("no price"), HasSubstr("\ncaused by std::runtime_error: no rate")));
}

TEST_F(DeadLetters, HoldWhatCouldNotBeRead) {
  config_.deserialization_exception_handler = continue_on_deserialization_error();

  const auto sent = letter(numbers(), "three bytes");

  EXPECT_EQ(sent.value, record("three bytes").value);
  EXPECT_EQ(text_of(sent.headers, "__streams.errors.offset"), "1");
}

TEST_F(DeadLetters, AreWrittenByHandlersOfTheUser) {
  config_.processing_exception_handler = [](const ErrorContext& context, std::exception_ptr error) {
    DeadLetter letter = dead_letter("mine", context, error);
    letter.headers.add("node", context.node);
    return ErrorAnswer{ErrorResponse::resume, {std::move(letter)}};
  };

  const auto sent = letter(pricing(), "bad");

  EXPECT_EQ(sent.topic, "mine");
  EXPECT_EQ(text_of(sent.headers, "node"), "price");
}

TEST_F(DeadLetters, AreNotWrittenByHandlersThatDoNotSaySo) {
  config_.processing_exception_handler = [](const ErrorContext&, std::exception_ptr) {
    return ErrorResponse::resume;
  };
  testing::TopologyTestDriver driver{pricing(), config_};

  driver.pipe(record("bad"));

  EXPECT_THAT(driver.take_sent(), SizeIs(0));
}

TEST_F(DeadLetters, AreNotWrittenWithoutATopic) {
  config_.errors_dead_letter_queue_topic_name.clear();
  config_.processing_exception_handler = continue_on_processing_error();
  testing::TopologyTestDriver driver{pricing(), config_};

  driver.pipe(record("bad"));

  EXPECT_THAT(driver.take_sent(), SizeIs(0));
}

// With a broker: when they are sent, and what if they cannot be.
class DeadLettersOnABroker : public EmbeddedApplication {
 protected:
  DeadLettersOnABroker() {
    broker_.create_topic("in", 1);
    broker_.create_topic("out", 1);
  }
  [[nodiscard]] Config continuing() const {
    Config config = this->config();
    config.set("processing.exception.handler", "continue");
    config.set("errors.dead.letter.queue.topic.name", dead);
    return config;
  }
  void put(const std::string& value) {
    broker_.produce<std::string, std::string>("in", "k", value);
  }
};

TEST_P(DeadLettersOnABroker, AreThereOnceBesideTheResults) {
  broker_.create_topic(dead, 1);
  put("a");
  put("bad");
  put("b");

  const auto streams = start(pricing(), continuing());

  EXPECT_TRUE(eventually(patience, [&] { return values<std::string>("out").size() == 2; }));
  EXPECT_TRUE(streams->close(patience));
  EXPECT_THAT(values<std::string>("out"), ElementsAre("a!", "b!"));
  EXPECT_THAT(values<std::string>(dead), ElementsAre("bad"));
}

TEST_P(DeadLettersOnABroker, WithoutTheirTopicStopTheApplication) {
  put("bad");

  const auto streams = start(pricing(), continuing());

  EXPECT_THAT(failure_of(*streams),
              AllOf(StartsWith("dead-letter topic dead does not take a record"),
                    HasSubstr("Create the topic")));
}

TEST_P(DeadLettersOnABroker, OfARecordThatStopsTheApplicationAreUndoneOnlyWithATransaction) {
  broker_.create_topic(dead, 1);
  Config config = continuing();
  config.processing_exception_handler = {};
  put("bad");

  const auto streams = start(pricing(), config);

  EXPECT_THAT(failure_of(*streams), HasSubstr("cannot price this"));
  const bool undone = guarantee() == ProcessingGuarantee::exactly_once_v2;
  EXPECT_THAT(values<std::string>(dead), SizeIs(undone ? 0 : 1));
}

INSTANTIATE_TEST_SUITE_P(Guarantees, DeadLettersOnABroker, both_guarantees(), name_of_guarantee);

class DeadLettersOnce : public DeadLettersOnABroker {};

TEST_F(DeadLettersOnce, AreNotWrittenForGlobalStores) {
  broker_.create_topic("rates", 1);
  broker_.create_topic(dead, 1);
  StreamsBuilder builder;
  const auto rates = builder.global_table<std::string, std::int64_t>("rates");
  builder.stream<std::string, std::string>("in")
      .left_join(
          rates, [](const std::string& key, const std::string&) { return key; },
          [](const std::string& value, const std::int64_t*) { return value; })
      .to("out");
  Config config = continuing();
  config.set("deserialization.exception.handler", "continue");
  const auto streams = start(builder.build(), config);
  ASSERT_TRUE(reaches(*streams, StreamsState::running));

  broker_.produce<std::string, std::string>("rates", "k", "three bytes");

  EXPECT_TRUE(eventually(patience, [&] {
    return logger_->text().find("a dead letter for topic dead is discarded") != std::string::npos;
  }));
  EXPECT_THAT(values<std::string>(dead), SizeIs(0));
}

}  // namespace
}  // namespace moldau
