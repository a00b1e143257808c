#include "streams/embedded_application.h"

#include <gmock/gmock.h>

#include <fstream>
#include <stdexcept>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* dropped = "dropped-records-total";

// What an operator meets at three in the morning: every failure names the thing and the remedy, and
// nothing of what failed is committed.
class BadInput : public EmbeddedApplication {
 protected:
  BadInput() {
    broker_.create_topic("in", 1);
    broker_.create_topic("out", 1);
  }

  [[nodiscard]] static Topology numbers() {
    StreamsBuilder builder;
    builder.stream<std::string, std::int64_t>("in").to("out");
    return builder.build();
  }
  [[nodiscard]] static Topology throwing() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in")
        .map_values(
            [](const std::string& value) -> std::string {
              if (value == "bad") throw std::runtime_error("cannot price this");
              return value;
            },
            {.name = "price"})
        .to("out");
    return builder.build();
  }
  void put(const std::string& value) {
    broker_.produce<std::string, std::string>("in", "k", value);
  }
  void put_number(std::int64_t value) {
    broker_.produce<std::string, std::int64_t>("in", "k", value);
  }
};

TEST_F(BadInput, AnUndecodableRecordStopsTheApplicationAndIsNamed) {
  put_number(1);
  put("three bytes");

  const auto streams = start(numbers());

  EXPECT_THAT(
      failure_of(*streams),
      AllOf(HasSubstr("KSTREAM-SOURCE-0000000000"), HasSubstr("topic in"), HasSubstr("partition 0"),
            HasSubstr("offset 1"), HasSubstr("deserialization.exception.handler")));
}

TEST_F(BadInput, AnUndecodableRecordIsNotLostByTheStop) {
  put("three bytes");
  put_number(1);
  {
    const auto streams = start(numbers());
    static_cast<void>(failure_of(*streams));
  }
  Config config = this->config();
  std::vector<std::int64_t> skipped;
  config.deserialization_exception_handler = [&](const ErrorContext& context, std::exception_ptr) {
    skipped.push_back(context.metadata.offset.value());
    return ErrorResponse::resume;
  };

  const auto streams = start(numbers(), config);

  EXPECT_TRUE(eventually(patience, [&] { return !values<std::int64_t>("out").empty(); }));
  streams->close();
  EXPECT_THAT(skipped, ElementsAre(0));
}

TEST_F(BadInput, AnUndecodableRecordIsCountedWhenItIsSkipped) {
  put("three bytes");
  put_number(1);
  Config config = this->config();
  config.set("deserialization.exception.handler", "continue");

  const auto streams = start(numbers(), config);

  EXPECT_TRUE(eventually(patience, [&] { return !values<std::int64_t>("out").empty(); }));
  EXPECT_EQ(streams->metrics().sum(dropped), 1);
}

TEST_F(BadInput, AThrowingLambdaStopsTheApplicationAndIsNamed) {
  put("good");
  put("bad");

  const auto streams = start(throwing());

  EXPECT_THAT(failure_of(*streams),
              AllOf(HasSubstr("node \"price\""), HasSubstr("topic in"), HasSubstr("partition 0"),
                    HasSubstr("offset 1"), HasSubstr("cannot price this"),
                    HasSubstr("processing.exception.handler")));
}

TEST_F(BadInput, AThrowingLambdasRecordIsCountedWhenItIsLeftOut) {
  put("bad");
  put("good");
  Config config = this->config();
  config.set("processing.exception.handler", "continue");

  const auto streams = start(throwing(), config);

  EXPECT_TRUE(eventually(patience, [&] { return !values<std::string>("out").empty(); }));
  EXPECT_THAT(values<std::string>("out"), ElementsAre("good"));
  EXPECT_EQ(streams->metrics().sum(dropped), 1);
}

TEST_F(BadInput, AMissingInputTopicIsNamed) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("no-such-topic").to("out");

  const auto streams = start(builder.build());

  EXPECT_THAT(failure_of(*streams), AllOf(HasSubstr("no-such-topic"), HasSubstr("Create")));
}

TEST_F(BadInput, AMissingOutputTopicIsNamed) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("nowhere");
  put("a");

  const auto streams = start(builder.build());

  EXPECT_THAT(failure_of(*streams), HasSubstr("nowhere"));
}

TEST_F(BadInput, AnInternalTopicWithTheWrongPartitionCountIsNamed) {
  broker_.create_topic("lines", 3);
  broker_.create_topic("word-counts", 1);
  broker_.create_topic("app-words-repartition", 3);
  broker_.create_topic("app-counts-changelog", 5);

  const auto streams = start(word_count());

  EXPECT_THAT(failure_of(*streams), HasSubstr("app-counts-changelog"));
}

TEST_F(BadInput, AStateFolderInUseIsRefused) {
  const auto first = start(numbers());
  const auto second = make(numbers(), config());

  try {
    second->start();
    FAIL() << "the folder is in use";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), AllOf(HasSubstr("state"), HasSubstr("state.dir of its own")));
  }
}

TEST_F(BadInput, AStateFolderThatCannotBeWrittenIsRefused) {
  Config config = this->config();
  config.state_dir = folder_.path() / "file" / "state";
  std::ofstream{folder_.path() / "file"} << "not a folder";
  const auto streams = make(numbers(), config);

  try {
    streams->start();
    FAIL() << "there is no such folder";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), AllOf(HasSubstr((folder_.path() / "file").string()),
                                HasSubstr("Set state.dir to a folder")));
  }
}

TEST_F(BadInput, EveryProblemOfAConfigurationIsReportedAtOnce) {
  Config config = this->config();
  config.application_id = "no/slash";
  config.num_stream_threads = 0;
  config.commit_interval = -1ms;

  try {
    static_cast<void>(make(numbers(), config));
    FAIL() << "the configuration is wrong";
  } catch (const ConfigError& e) {
    EXPECT_THAT(e.what(), AllOf(HasSubstr("application.id"), HasSubstr("num.stream.threads"),
                                HasSubstr("commit.interval.ms")));
  }
}

}  // namespace
}  // namespace moldau
