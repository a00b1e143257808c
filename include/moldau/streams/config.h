#pragma once

#include "moldau/base/logger.h"
#include "moldau/export.h"
#include "moldau/kafka/oauthbearer.h"
#include "moldau/processor/error_handlers.h"
#include "moldau/processor/processor_wrapper.h"
#include "moldau/processor/semantics.h"
#include "moldau/processor/timestamp_extractor.h"
#include "moldau/state/rocksdb_options.h"
#include "moldau/state/store_spec.h"
#include "moldau/topology/topology_config.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0 {

enum class ProcessingGuarantee : std::uint8_t {
  // Every record takes effect at least once; after a failure some may take effect again.
  at_least_once,
  // Every record takes effect exactly once in the state, the output topics and the offsets, as
  // readers
  // with isolation.level=read_committed see them. Costs a transaction per commit.
  exactly_once_v2,
};

// How the members of an application share its work (docs/running.md).
enum class GroupProtocol : std::uint8_t {
  // `streams` where the brokers have it, otherwise `classic`; and `classic` while the group has
  // members that speak it.
  automatic,
  // Streams groups (KIP-1071): the broker assigns tasks. Kafka 4.2 and later.
  streams,
  // Classic groups: one of the members assigns tasks. Every broker from Kafka 3.0 on.
  classic,
};

// What to do with a store whose changelog is shorter than what the store has followed: acknowledged
// data is gone from the cluster (an unclean election, a topic deleted and made again).
enum class TruncatedChangelog : std::uint8_t {
  fail,     // stop with an error that shows both offsets
  rebuild,  // go on with what the changelog still holds
};

// How an application runs. Fields and `set()` are two spellings of the same: every key of the table
// in docs/configuration.md is a field here or a client setting. Names and meanings are Kafka
// Streams'.
struct MOLDAU_EXPORT Config {
  // `application.id`. Required. Names the group, the transactional ids, the state folder and every
  // internal topic: never change it for an application that has state.
  std::string application_id;

  // `bootstrap.servers`: host:port, comma separated. Required unless the application is given an
  // Environment of its own.
  std::string bootstrap_servers = {};

  // `processing.guarantee`.
  ProcessingGuarantee processing_guarantee = ProcessingGuarantee::at_least_once;

  // `commit.interval.ms`. Default: 30 s, with exactly-once 100 ms. Under exactly-once it is how
  // late readers see a result; shorter costs more transactions.
  std::optional<std::chrono::milliseconds> commit_interval = {};

  // `num.stream.threads`. Each has its own consumer, producer and tasks; more than there are tasks
  // idle.
  int num_stream_threads = 1;

  // `state.dir`. Stores lie in <state.dir>/<application.id>/moldau. Default: kafka-streams below
  // the temporary folder, which many systems empty at a reboot: then every store is read again from
  // its changelog.
  std::filesystem::path state_dir = {};

  // `statestore.cache.max.bytes`, for all threads together. Zero: no caches, every update of a
  // table is written and forwarded at once.
  std::size_t statestore_cache_max_bytes = 10U << 20;

  // `state.uncommitted.max.bytes`: memory a thread's stores may hold between commits; more makes it
  // commit early.
  std::size_t state_uncommitted_max_bytes = 64U << 20;

  // `dsl.store.format`: whether the stores behind tables and aggregations keep headers, for
  // processors that open them; only stores on disk do. What the library itself writes to them has
  // none, as in the reference, but changelog records of deletions then carry the headers of their
  // cause. A change rebuilds the stores from their changelogs.
  DslStoreFormat dsl_store_format = DslStoreFormat::without_headers;

  // `rocksdb.block.cache.bytes` and `rocksdb.write.buffer.bytes`: shared by all stores of the
  // process. The first application of a process decides.
  std::size_t rocksdb_block_cache_bytes = 128U << 20;
  std::size_t rocksdb_write_buffer_bytes = 64U << 20;

  // `changelog.truncated`.
  TruncatedChangelog changelog_truncated = TruncatedChangelog::fail;

  // `poll.ms`: the longest wait for records.
  std::chrono::milliseconds poll_wait{100};

  // `max.task.idle.ms`: how long a task with several inputs waits for the ones that are empty, so
  // that records are processed in the order of their times. 0: only for records known to exist; -1:
  // never.
  std::chrono::milliseconds max_task_idle{0};

  // `buffered.records.per.partition`: an input with more is not fetched from.
  std::size_t buffered_records_per_partition = 1000;

  // `task.timeout.ms`: how long one step (a commit, reading offsets) may go on failing before the
  // application stops.
  std::chrono::milliseconds task_timeout{300'000};

  // `replication.factor` of internal topics; -1: what the broker is configured for.
  std::int16_t replication_factor = -1;

  // `windowstore.changelog.additional.retention.ms`: how much longer than the store a changelog
  // topic keeps windows and sessions, for the case that clocks differ.
  std::chrono::milliseconds windowstore_changelog_additional_retention{86'400'000};

  // `repartition.purge.interval.ms`: how often records that were read are deleted from repartition
  // topics.
  std::chrono::milliseconds repartition_purge_interval{30'000};

  // `group.protocol`. All instances of an application need the same one; to change it, stop them
  // all first. Offsets and state stay.
  GroupProtocol group_protocol = GroupProtocol::automatic;

  // `num.standby.replicas`: copies of each store on other instances, in a classic group; a streams
  // group has the number from the broker.
  int num_standby_replicas = 0;

  // `client.id`: prefix of the names of all clients. Default: <application.id>-<process id>.
  std::string client_id = {};

  // `auto.offset.reset`: earliest, latest or none; for sources that do not say it themselves.
  std::string auto_offset_reset = "earliest";

  // `semantics`: complete or kafka-streams-4.3. What happens where the reference loses or doubles
  // final results (docs/differences.md).
  Semantics semantics = Semantics::complete;

  // `__emit.interval.ms.kstreams.windowed.aggregation__`: how long an aggregation with
  // EmitStrategy::on_window_close waits, by the wall clock, before it looks again for windows that
  // have closed. Default: 1 s; none in the test driver. Shorter shows results earlier and searches
  // the store more often.
  std::optional<std::chrono::milliseconds> final_results_interval = {};
  // `__emit.interval.ms.kstreams.outer.join.spurious.results.fix__`: how long left and outer stream
  // joins wait at least between two looks for records that stay without a match. Default: 1 s; in
  // the test driver they look whenever time moves on.
  std::optional<std::chrono::milliseconds> outer_join_emit_interval = {};

  // `default.timestamp.extractor`; by key the reference's built-in class names.
  TimestampPolicy default_timestamp_extractor = TimestampPolicy::fail_on_invalid;

  // `deserialization.exception.handler` and so on; by key the reference's built-in class names, or
  // `fail` and `continue`. Empty: fail.
  DeserializationExceptionHandler deserialization_exception_handler = {};
  ProcessingExceptionHandler processing_exception_handler = {};
  ProductionExceptionHandler production_exception_handler = {};

  // `errors.dead.letter.queue.topic.name`: where the handlers above, if they are the ready-made
  // ones, put records that they leave out or stop at (dead_letter.h). The topic must exist.
  // Default: nowhere.
  std::string errors_dead_letter_queue_topic_name = {};

  // `processing.exception.handler.global.enabled`: the processing handler is asked about processors
  // of global stores too. Otherwise what they throw stops the application.
  bool processing_exception_handler_global_enabled = false;

  // `topology.optimization`, `ensure.explicit.internal.resource.naming`: for
  // `StreamsBuilder::build(config.topology)`, where they take effect. An application whose topology
  // was built without what is asked for here is refused.
  TopologyConfig topology = {};

  // Changes the options of stores on disk (rocksdb_options.h). Default: nothing.
  RocksDbOptionsSetter rocksdb_config_setter = {};

  // Puts something around every processor (processor_wrapper.h). Default: nothing.
  ProcessorWrapper processor_wrapper = {};

  // The application's own settings, for its processors: the keys that start with `app.`, without
  // that.
  std::map<std::string, std::string, std::less<>> app = {};

  // Settings of the clients and of internal topics, by key: `consumer.`, `main.consumer.`,
  // `restore.consumer.`, `producer.`, `admin.`, `topic.` and client settings without a prefix,
  // which go to all clients. Java's names are translated to librdkafka's; librdkafka's own names
  // work too.
  std::map<std::string, std::string> clients = {};

  // Where SASL OAUTHBEARER gets its tokens from (kafka/oauthbearer.h), for all connections.
  // Default: nowhere, so that sasl.mechanism=OAUTHBEARER is refused.
  kafka::OAuthBearerTokenProvider oauthbearer_tokens = {};

  // Where messages go. Default: standard error, level info and above.
  std::shared_ptr<Logger> logger = {};

  // Sets one value by its key. Throws ConfigError naming the key: unknown (with the nearest known
  // one), a value that cannot be read, or a key of Kafka Streams that is not supported here, with
  // what to do instead.
  Config& set(std::string_view key, std::string_view value);

  // Reads a Java properties file. Throws ConfigError that lists every problem with its line.
  [[nodiscard]] static Config from_properties(const std::filesystem::path& file);

  // Everything that is wrong with the values and their combination; empty if nothing is. Called by
  // Streams before anything starts.
  [[nodiscard]] std::vector<std::string> problems() const;

  [[nodiscard]] bool exactly_once() const noexcept {
    return processing_guarantee == ProcessingGuarantee::exactly_once_v2;
  }
  [[nodiscard]] std::chrono::milliseconds effective_commit_interval() const noexcept {
    return commit_interval.value_or(exactly_once() ? std::chrono::milliseconds{100}
                                                   : std::chrono::milliseconds{30'000});
  }
};

// Ready-made handlers for Config: log and stop, log and leave the record out.
[[nodiscard]] MOLDAU_EXPORT DeserializationExceptionHandler continue_on_deserialization_error();
[[nodiscard]] MOLDAU_EXPORT ProcessingExceptionHandler continue_on_processing_error();
[[nodiscard]] MOLDAU_EXPORT ProductionExceptionHandler continue_on_production_error();

}  // namespace moldau::inline v0
