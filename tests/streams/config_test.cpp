#include "moldau/streams/config.h"

#include "moldau/base/error.h"

#include "streams/config_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace moldau {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Config valid() { return {.application_id = "app", .bootstrap_servers = "localhost:9092"}; }

std::string problem_of(std::string_view key, std::string_view value) {
  Config config = valid();
  try {
    config.set(key, value);
  } catch (const ConfigError& e) {
    return e.what();
  }
  return {};
}

TEST(Config, TakesTheReferencesKeys) {
  Config config;
  config.set("application.id", "orders")
      .set("bootstrap.servers", "a:1,b:2")
      .set("processing.guarantee", "exactly_once_v2")
      .set("commit.interval.ms", "250")
      .set("num.stream.threads", "3")
      .set("statestore.cache.max.bytes", "0")
      .set("state.dir", "/var/lib/streams")
      .set("max.task.idle.ms", "-1")
      .set("default.timestamp.extractor",
           "org.apache.kafka.streams.processor.WallclockTimestampExtractor")
      .set("consumer.max.poll.records", "50");

  EXPECT_EQ(config.application_id, "orders");
  EXPECT_EQ(config.bootstrap_servers, "a:1,b:2");
  EXPECT_TRUE(config.exactly_once());
  EXPECT_EQ(config.commit_interval, 250ms);
  EXPECT_EQ(config.num_stream_threads, 3);
  EXPECT_EQ(config.statestore_cache_max_bytes, 0U);
  EXPECT_EQ(config.state_dir, "/var/lib/streams");
  EXPECT_EQ(config.max_task_idle, -1ms);
  EXPECT_EQ(config.default_timestamp_extractor, TimestampPolicy::wall_clock);
  EXPECT_THAT(config.problems(), IsEmpty());
}

TEST(Config, TheFormatOfStoresIsChosenInCapitalsOrNot) {
  const auto chosen = [](std::string_view value) {
    return valid().set("dsl.store.format", value).dsl_store_format;
  };

  EXPECT_EQ(valid().dsl_store_format, DslStoreFormat::without_headers);
  EXPECT_EQ(chosen("HEADERS"), DslStoreFormat::headers);
  EXPECT_EQ(chosen("Headers"), DslStoreFormat::headers);
  EXPECT_EQ(chosen("default"), DslStoreFormat::without_headers);
  EXPECT_THAT(problem_of("dsl.store.format", "PLAIN"), HasSubstr("DEFAULT or HEADERS"));
}

TEST(Config, TheCommitIntervalDependsOnTheGuarantee) {
  Config config = valid();
  EXPECT_EQ(config.effective_commit_interval(), 30s);
  config.processing_guarantee = ProcessingGuarantee::exactly_once_v2;
  EXPECT_EQ(config.effective_commit_interval(), 100ms);
}

TEST(Config, TheReferencesHandlerClassesAreHandlers) {
  Config config = valid();
  config.set("deserialization.exception.handler",
             "org.apache.kafka.streams.errors.LogAndContinueExceptionHandler");
  config.set("processing.exception.handler",
             "org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler");
  config.set("production.exception.handler", "continue");

  EXPECT_EQ(config.deserialization_exception_handler({}, nullptr).response, ErrorResponse::resume);
  EXPECT_EQ(config.processing_exception_handler({}, nullptr).response, ErrorResponse::resume);
  EXPECT_EQ(config.production_exception_handler({}, {}).response, ErrorResponse::resume);

  config.set("processing.exception.handler", "LogAndFailProcessingExceptionHandler");
  EXPECT_FALSE(config.processing_exception_handler);
  EXPECT_THAT(problem_of("processing.exception.handler", "com.example.Mine"),
              HasSubstr("a handler of your own is a function"));
}

TEST(Config, RewritesOfTheTopologyAreChosenTogetherOrByName) {
  const auto chosen = [](std::string_view value) {
    return valid().set("topology.optimization", value).topology.optimization;
  };

  EXPECT_EQ(chosen("none"), Optimization{});
  EXPECT_EQ(chosen("all"), Optimization::all());
  EXPECT_EQ(chosen("merge.repartition.topics"), Optimization{.merge_repartition_topics = true});
  EXPECT_EQ(chosen("single.store.self.join , reuse.ktable.source.topics"),
            (Optimization{.reuse_table_source_topics = true, .single_store_self_join = true}));
  for (const char* wrong : {"", "ALL", "all,none", "all,merge.repartition.topics", "everything"}) {
    EXPECT_THAT(problem_of("topology.optimization", wrong), HasSubstr("merge.repartition.topics"));
  }
}

TEST(Config, AMisspeltKeyIsRefusedWithTheNearestOne) {
  EXPECT_THAT(problem_of("comit.interval.ms", "1"), HasSubstr("did you mean commit.interval.ms?"));
  EXPECT_THAT(problem_of("what.is.this", "1"), HasSubstr("is unknown"));
}

TEST(Config, AKeyOfTheReferenceThatIsNotBuiltIsRefusedByName) {
  for (const streams::RefusedKey& key : streams::refused_keys()) {
    EXPECT_THAT(problem_of(key.name, "1"), HasSubstr(std::string{key.name} + " is not supported"));
    EXPECT_EQ(streams::find_config_key(key.name), nullptr);
  }
}

TEST(Config, TheGroupProtocolIsAutoStreamsOrClassic) {
  EXPECT_EQ(valid().group_protocol, GroupProtocol::automatic);
  EXPECT_EQ(valid().set("group.protocol", "auto").group_protocol, GroupProtocol::automatic);
  EXPECT_EQ(valid().set("group.protocol", "streams").group_protocol, GroupProtocol::streams);
  EXPECT_EQ(valid().set("group.protocol", "classic").group_protocol, GroupProtocol::classic);
  EXPECT_THAT(problem_of("group.protocol", "consumer"), HasSubstr("auto, streams or classic"));
}

TEST(Config, StandbyReplicasAreForTheBrokerToSetWhenOnlyStreamsGroupsAreWanted) {
  Config config = valid();
  config.set("num.standby.replicas", "1");
  EXPECT_THAT(config.problems(), IsEmpty());

  config.set("group.protocol", "streams");
  EXPECT_THAT(config.problems(), ElementsAre(HasSubstr("streams.num.standby.replicas")));
}

TEST(Config, SecurityIsSetByLibrdkafkasNamesAndCheckedTogether) {
  Config config = valid();
  config.set("security.protocol", "SASL_SSL")
      .set("sasl.mechanism", "PLAIN")
      .set("sasl.username", "u")
      .set("sasl.password", "p")
      .set("ssl.ca.location", "ca.pem");
  EXPECT_THAT(config.problems(), IsEmpty());

  config.set("sasl.mechanism", "OAUTHBEARER");
  EXPECT_THAT(config.problems(), ElementsAre(HasSubstr("Config::oauthbearer_tokens")));
  config.oauthbearer_tokens = [] { return kafka::OAuthBearerToken{}; };
  EXPECT_THAT(config.problems(), IsEmpty());
}

TEST(Config, JavasOwnSecurityIsRefusedWithWhatIsThereInstead) {
  const auto problems = [](const char* key) {
    Config config = valid();
    config.set(key, "x");
    return config.problems();
  };

  EXPECT_THAT(problems("ssl.truststore.location"), ElementsAre(HasSubstr("ssl.ca.location")));
  EXPECT_THAT(problems("ssl.keystore.location"),
              ElementsAre(HasSubstr("ssl.certificate.location")));
  EXPECT_THAT(problems("sasl.jaas.config"), ElementsAre(HasSubstr("sasl.username")));
  EXPECT_THAT(problem_of("ssl.ca.locaton", "x"), HasSubstr("did you mean ssl.ca.location?"));
}

TEST(Config, AWrongValueIsRefusedWithWhatWasExpected) {
  EXPECT_THAT(problem_of("num.stream.threads", "many"), HasSubstr("at least 1"));
  EXPECT_THAT(problem_of("num.stream.threads", "0"), HasSubstr("found \"0\""));
  EXPECT_THAT(problem_of("processing.guarantee", "exactly_once"), HasSubstr("exactly_once_v2"));
  EXPECT_THAT(problem_of("commit.interval.ms", "1.5"), HasSubstr("whole number"));
  EXPECT_THAT(problem_of("replication.factor", "0"), HasSubstr("-1, or 1 and more"));
}

TEST(Config, AllProblemsAreReportedTogether) {
  Config config{.application_id = "a b",
                .processing_guarantee = ProcessingGuarantee::exactly_once_v2};
  config.num_stream_threads = 0;
  config.commit_interval = 20s;
  config.clients["producer.partitioner.class"] = "x";
  config.clients["consumer.max.poll.records"] = "none";

  EXPECT_THAT(config.problems(),
              ElementsAre(HasSubstr("application.id"), HasSubstr("num.stream.threads"),
                          HasSubstr("transaction timeout"), HasSubstr("max.poll.records"),
                          HasSubstr("partitioner.class")));
}

TEST(Config, ACommitIntervalBeyondTheTransactionTimeoutIsContradictory) {
  Config config = valid();
  config.processing_guarantee = ProcessingGuarantee::exactly_once_v2;
  config.commit_interval = 20s;
  config.clients["producer.transaction.timeout.ms"] = "30000";
  EXPECT_THAT(config.problems(), IsEmpty());

  config.clients["producer.transaction.timeout.ms"] = "15000";
  EXPECT_THAT(config.problems(), ElementsAre(HasSubstr("smaller than commit.interval.ms")));
}

class PropertiesFileTest : public ::testing::Test {
 protected:
  PropertiesFileTest() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "moldau-config-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~PropertiesFileTest() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path write(std::string_view text) {
    std::ofstream{folder_ / "app.properties"} << text;
    return folder_ / "app.properties";
  }
  std::filesystem::path folder_;
};

TEST_F(PropertiesFileTest, IsReadAsJavaReadsIt) {
  const Config config = Config::from_properties(
      write("# mine\napplication.id = orders\nbootstrap.servers: a:1\nproducer.linger.ms=5\n"));

  EXPECT_EQ(config.application_id, "orders");
  EXPECT_EQ(config.bootstrap_servers, "a:1");
  EXPECT_EQ(config.clients.at("producer.linger.ms"), "5");
}

TEST_F(PropertiesFileTest, EveryProblemIsReportedWithItsLine) {
  try {
    static_cast<void>(Config::from_properties(
        write("application.id=a\nnum.stream.threads=x\n\nmax.warmup.replicas=1\n")));
    FAIL() << "a file with problems was accepted";
  } catch (const ConfigError& e) {
    EXPECT_THAT(e.what(), HasSubstr("line 2: num.stream.threads"));
    EXPECT_THAT(e.what(), HasSubstr("line 4: max.warmup.replicas"));
  }
}

// docs/configuration.md is printed from the table. MOLDAU_UPDATE_DOCS=1 writes it.
TEST(ConfigurationReference, IsWhatTheTableSays) {
  const std::string path = std::string{MOLDAU_DOCS} + "/configuration.md";
  if (std::getenv("MOLDAU_UPDATE_DOCS") != nullptr) {
    std::ofstream{path} << streams::configuration_reference();
  }
  std::ifstream file{path};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};

  EXPECT_EQ(text, streams::configuration_reference())
      << "run this test with MOLDAU_UPDATE_DOCS=1 and commit docs/configuration.md";
}

}  // namespace
}  // namespace moldau
