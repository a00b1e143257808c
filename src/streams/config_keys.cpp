#include "streams/config_keys.h"

#include "kafka/secrets.h"
#include "streams/client_settings.h"
#include "streams/config_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace moldau::inline v0::streams {

namespace {

// Handlers and extractors may be named by the reference's class, with or without its package.
bool names_class(std::string_view value, std::string_view simple_name) {
  return value == simple_name ||
         (value.ends_with(simple_name) && value.size() > simple_name.size() &&
          value[value.size() - simple_name.size() - 1] == '.' &&
          value.starts_with("org.apache.kafka.streams."));
}

template <class Handler>
Handler parse_handler(std::string_view value, std::string_view fail_class,
                      std::string_view continue_class, Handler (*continues)()) {
  if (value == "fail" || names_class(value, fail_class)) return {};
  if (value == "continue" || (!continue_class.empty() && names_class(value, continue_class))) {
    return continues();
  }
  std::string expected = "fail, continue, " + std::string{fail_class};
  if (!continue_class.empty()) expected += " or " + std::string{continue_class};
  throw std::invalid_argument(expected +
                              "; a handler of your own is a function: set the field of "
                              "Config instead");
}

TimestampPolicy parse_timestamp_policy(std::string_view value) {
  if (names_class(value, "FailOnInvalidTimestamp")) return TimestampPolicy::fail_on_invalid;
  if (names_class(value, "LogAndSkipOnInvalidTimestamp")) return TimestampPolicy::log_and_skip;
  if (names_class(value, "UsePartitionTimeOnInvalidTimestamp")) {
    return TimestampPolicy::use_partition_time;
  }
  if (names_class(value, "WallclockTimestampExtractor")) return TimestampPolicy::wall_clock;
  throw std::invalid_argument(
      "FailOnInvalidTimestamp, LogAndSkipOnInvalidTimestamp, UsePartitionTimeOnInvalidTimestamp or "
      "WallclockTimestampExtractor; an extractor of your own is an option of stream() and table()");
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// `all`, `none`, or a list of rules.
Optimization parse_optimization(std::string_view value) {
  if (value == "none") return {};
  if (value == "all") return Optimization::all();
  Optimization chosen;
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view rule = trimmed(rest.substr(0, comma));
    if (rule == "reuse.ktable.source.topics") {
      chosen.reuse_table_source_topics = true;
    } else if (rule == "merge.repartition.topics") {
      chosen.merge_repartition_topics = true;
    } else if (rule == "single.store.self.join") {
      chosen.single_store_self_join = true;
    } else {
      chosen = {};
      break;
    }
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (chosen != Optimization{}) return chosen;
  throw std::invalid_argument(
      "none, all, or a comma separated list of reuse.ktable.source.topics, "
      "merge.repartition.topics and single.store.self.join");
}

// In capitals or not, as in the reference.
DslStoreFormat parse_store_format(std::string_view value) {
  std::string capitals{value};
  std::ranges::transform(capitals, capitals.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  if (capitals == "DEFAULT") return DslStoreFormat::without_headers;
  if (capitals == "HEADERS") return DslStoreFormat::headers;
  throw std::invalid_argument("DEFAULT or HEADERS");
}

GroupProtocol parse_group_protocol(std::string_view value) {
  if (value == "auto") return GroupProtocol::automatic;
  if (value == "streams") return GroupProtocol::streams;
  if (value == "classic") return GroupProtocol::classic;
  throw std::invalid_argument("auto, streams or classic");
}

// A value that only confirms what is built in: anything else would ask for what is not there.
void only(std::string_view value, std::string_view accepted, std::string_view why) {
  if (value != accepted) {
    throw std::invalid_argument(std::string{accepted} + ": " + std::string{why});
  }
}

const std::array keys{
    ConfigKey{"application.id", "required", "letters, digits, `.`, `_`, `-`; at most 200",
              "Name of the application: group, transactional ids, internal topics, state folder.",
              [](Config& c, std::string_view v) { c.application_id = v; }},
    ConfigKey{"bootstrap.servers", "required", "host:port, comma separated",
              "Brokers to ask first.",
              [](Config& c, std::string_view v) { c.bootstrap_servers = v; }},
    ConfigKey{"processing.guarantee", "at_least_once", "at_least_once, exactly_once_v2",
              "What a failure may do to results.",
              [](Config& c, std::string_view v) {
                if (v == "at_least_once") {
                  c.processing_guarantee = ProcessingGuarantee::at_least_once;
                } else if (v == "exactly_once_v2") {
                  c.processing_guarantee = ProcessingGuarantee::exactly_once_v2;
                } else {
                  throw std::invalid_argument("at_least_once or exactly_once_v2");
                }
              }},
    ConfigKey{"commit.interval.ms", "30000; 100 with exactly_once_v2", "0 or more",
              "Longest time between two commits.",
              [](Config& c, std::string_view v) { c.commit_interval = parse_milliseconds(v); }},
    ConfigKey{"num.stream.threads", "1", "1 or more",
              "Threads that process, each with its own tasks, consumer and producer.",
              [](Config& c, std::string_view v) {
                c.num_stream_threads = parse_integer<int>(v, 1, 1024);
              }},
    ConfigKey{"state.dir", "kafka-streams in the temporary folder", "a path",
              "Folder under which stores and the process id are kept.",
              [](Config& c, std::string_view v) { c.state_dir = v; }},
    ConfigKey{"statestore.cache.max.bytes", "10485760", "0 or more",
              "Memory of the record caches, shared by all threads; 0 turns them off.",
              [](Config& c, std::string_view v) {
                c.statestore_cache_max_bytes = parse_integer<std::size_t>(v, 0);
              }},
    ConfigKey{"state.uncommitted.max.bytes", "67108864", "1 or more",
              "Memory of writes between two commits, for each thread; more makes it commit early.",
              [](Config& c, std::string_view v) {
                c.state_uncommitted_max_bytes = parse_integer<std::size_t>(v, 1);
              }},
    ConfigKey{"dsl.store.format", "DEFAULT", "DEFAULT, HEADERS",
              "Whether the stores of tables on disk have room for headers.",
              [](Config& c, std::string_view v) { c.dsl_store_format = parse_store_format(v); }},
    ConfigKey{"rocksdb.block.cache.bytes", "134217728", "1048576 or more",
              "Block cache of all RocksDB stores of the process.",
              [](Config& c, std::string_view v) {
                c.rocksdb_block_cache_bytes = parse_integer<std::size_t>(v, 1U << 20);
              }},
    ConfigKey{"rocksdb.write.buffer.bytes", "67108864", "1048576 or more",
              "Write buffers of all RocksDB stores of the process, charged to the block cache.",
              [](Config& c, std::string_view v) {
                c.rocksdb_write_buffer_bytes = parse_integer<std::size_t>(v, 1U << 20);
              }},
    ConfigKey{
        "changelog.truncated", "fail", "fail, rebuild",
        "What to do with a store whose changelog has lost records that the store has followed.",
        [](Config& c, std::string_view v) {
          if (v == "fail") {
            c.changelog_truncated = TruncatedChangelog::fail;
          } else if (v == "rebuild") {
            c.changelog_truncated = TruncatedChangelog::rebuild;
          } else {
            throw std::invalid_argument("fail or rebuild");
          }
        }},
    ConfigKey{"semantics", "complete", "complete, kafka-streams-4.3",
              "What happens where Kafka Streams 4.3 loses or doubles final results.",
              [](Config& c, std::string_view v) {
                if (v == "complete") {
                  c.semantics = Semantics::complete;
                } else if (v == "kafka-streams-4.3") {
                  c.semantics = Semantics::kafka_streams_4_3;
                } else {
                  throw std::invalid_argument("complete or kafka-streams-4.3");
                }
              }},
    ConfigKey{
        "__emit.interval.ms.kstreams.windowed.aggregation__", "1000", "0 or more",
        "How long an emit-on-close aggregation waits before it looks again for windows that "
        "have closed.",
        [](Config& c, std::string_view v) { c.final_results_interval = parse_milliseconds(v); }},
    ConfigKey{
        "__emit.interval.ms.kstreams.outer.join.spurious.results.fix__", "1000", "0 or more",
        "Shortest time between two looks of an outer stream join for records without a match.",
        [](Config& c, std::string_view v) { c.outer_join_emit_interval = parse_milliseconds(v); }},
    ConfigKey{"poll.ms", "100", "0 or more", "Longest wait for records.",
              [](Config& c, std::string_view v) { c.poll_wait = parse_milliseconds(v); }},
    ConfigKey{
        "max.task.idle.ms", "0", "-1 or more",
        "How long a task waits for an input that is empty; 0: only for records known to exist, "
        "-1: never.",
        [](Config& c, std::string_view v) { c.max_task_idle = parse_milliseconds(v, -1); }},
    ConfigKey{"buffered.records.per.partition", "1000", "1 or more",
              "An input that holds more is not fetched from.",
              [](Config& c, std::string_view v) {
                c.buffered_records_per_partition = parse_integer<std::size_t>(v, 1);
              }},
    ConfigKey{"task.timeout.ms", "300000", "0 or more",
              "How long one step may go on failing before the application stops.",
              [](Config& c, std::string_view v) { c.task_timeout = parse_milliseconds(v); }},
    ConfigKey{"replication.factor", "-1", "-1, or 1 and more",
              "Replicas of internal topics; -1: the broker's default.",
              [](Config& c, std::string_view v) {
                const auto factor = parse_integer<std::int16_t>(v, -1);
                if (factor == 0) throw std::invalid_argument("-1, or 1 and more");
                c.replication_factor = factor;
              }},
    ConfigKey{"windowstore.changelog.additional.retention.ms", "86400000", "0 or more",
              "How much longer than the store a changelog topic keeps windows and sessions.",
              [](Config& c, std::string_view v) {
                c.windowstore_changelog_additional_retention = parse_milliseconds(v);
              }},
    ConfigKey{"repartition.purge.interval.ms", "30000", "0 or more",
              "How often records that were read are deleted from repartition topics.",
              [](Config& c, std::string_view v) {
                c.repartition_purge_interval = parse_milliseconds(v);
              }},
    ConfigKey{"client.id", "<application.id>-<process id>", "at most 100 characters",
              "Prefix of the names of all clients.",
              [](Config& c, std::string_view v) { c.client_id = v; }},
    ConfigKey{"auto.offset.reset", "earliest", "earliest, latest, none",
              "Where an input without a committed offset starts; none: stop with an error.",
              [](Config& c, std::string_view v) {
                if (v != "earliest" && v != "latest" && v != "none") {
                  throw std::invalid_argument("earliest, latest or none");
                }
                c.auto_offset_reset = v;
              }},
    ConfigKey{"default.timestamp.extractor", "FailOnInvalidTimestamp",
              "FailOnInvalidTimestamp, LogAndSkipOnInvalidTimestamp, "
              "UsePartitionTimeOnInvalidTimestamp, WallclockTimestampExtractor",
              "Where the time of records comes from, for sources that do not say it themselves.",
              [](Config& c, std::string_view v) {
                c.default_timestamp_extractor = parse_timestamp_policy(v);
              }},
    ConfigKey{"deserialization.exception.handler", "fail",
              "fail, continue, LogAndFailExceptionHandler, LogAndContinueExceptionHandler",
              "What to do with a record whose bytes cannot be read.",
              [](Config& c, std::string_view v) {
                c.deserialization_exception_handler =
                    parse_handler(v, "LogAndFailExceptionHandler", "LogAndContinueExceptionHandler",
                                  continue_on_deserialization_error);
              }},
    ConfigKey{"processing.exception.handler", "fail",
              "fail, continue, LogAndFailProcessingExceptionHandler, "
              "LogAndContinueProcessingExceptionHandler",
              "What to do when user code throws.",
              [](Config& c, std::string_view v) {
                c.processing_exception_handler = parse_handler(
                    v, "LogAndFailProcessingExceptionHandler",
                    "LogAndContinueProcessingExceptionHandler", continue_on_processing_error);
              }},
    ConfigKey{"processing.exception.handler.global.enabled", "false", "true, false",
              "Whether `processing.exception.handler` is asked about the processors of global "
              "stores too; otherwise what they throw stops the application.",
              [](Config& c, std::string_view v) {
                c.processing_exception_handler_global_enabled = parse_bool(v);
              }},
    ConfigKey{"production.exception.handler", "fail",
              "fail, continue, DefaultProductionExceptionHandler",
              "What to do with a record that cannot be delivered.",
              [](Config& c, std::string_view v) {
                c.production_exception_handler = parse_handler(
                    v, "DefaultProductionExceptionHandler", "", continue_on_production_error);
              }},
    ConfigKey{"errors.dead.letter.queue.topic.name", "none", "a topic",
              "Where records go that the ready-made exception handlers leave out or stop at, with "
              "headers that say why.",
              [](Config& c, std::string_view v) { c.errors_dead_letter_queue_topic_name = v; }},
    ConfigKey{"group.protocol", "auto", "auto, streams, classic",
              "How instances share the work: `streams` needs Kafka 4.2 and later, `classic` works "
              "with every broker; `auto` is `streams` where the broker has it.",
              [](Config& c, std::string_view v) { c.group_protocol = parse_group_protocol(v); }},
    ConfigKey{
        "num.standby.replicas", "0", "0 or more",
        "Copies of each store on other instances, in a classic group. A streams group has the "
        "number from the broker (`streams.num.standby.replicas` of the group).",
        [](Config& c, std::string_view v) {
          c.num_standby_replicas = parse_integer<int>(v, 0, 100);
        }},
    ConfigKey{
        "topology.optimization", "none",
        "none, all, or some of reuse.ktable.source.topics, merge.repartition.topics, "
        "single.store.self.join, comma separated",
        "Rewrites of the topology (docs/topologies.md); takes effect in "
        "`StreamsBuilder::build(config.topology)`.",
        [](Config& c, std::string_view v) { c.topology.optimization = parse_optimization(v); }},
    ConfigKey{"ensure.explicit.internal.resource.naming", "false", "true, false",
              "Whether a store or internal topic with a generated name makes "
              "`StreamsBuilder::build(config.topology)` throw.",
              [](Config& c, std::string_view v) {
                c.topology.ensure_explicit_internal_resource_naming = parse_bool(v);
              }},
    ConfigKey{"__enable.process.processValue.fix__", "false", "true, false",
              "Whether `process()` and `process_values()` keep `merge.repartition.topics` from "
              "moving a repartition topic to before them.",
              [](Config& c, std::string_view v) {
                c.topology.process_process_value_fix = parse_bool(v);
              }},
    ConfigKey{
        "secret.settings", "none", "names, comma separated",
        "Settings of librdkafka whose values are not shown, though their names do not say so.",
        [](Config& c, std::string_view v) {
          c.clients.insert_or_assign(std::string{kafka::secret_settings}, std::string{v});
        }},
    ConfigKey{"metrics.recording.level", "INFO", "INFO", "Which metrics are kept.",
              [](Config&, std::string_view v) {
                only(v, "INFO", "metrics of level DEBUG and TRACE are not supported yet");
              }},
};

const std::array refused{
    RefusedKey{"acceptable.recovery.lag", "warm-up replicas are not supported"},
    RefusedKey{"allow.os.group.write.access", "the state folder is readable by its owner only"},
    RefusedKey{"application.server", "queries between instances are not supported yet"},
    RefusedKey{"built.in.metrics.version", "there is one version of the metrics"},
    RefusedKey{"cache.max.bytes.buffering", "use statestore.cache.max.bytes"},
    RefusedKey{"config.providers", "read secrets in your own code and use Config::set()"},
    RefusedKey{"default.client.supplier", "pass an Environment with clients of your own"},
    RefusedKey{"default.deserialization.exception.handler",
               "use deserialization.exception.handler"},
    RefusedKey{"default.dsl.store", "choose the type of each store with Materialized::type"},
    RefusedKey{"default.key.serde", "the type of the key chooses its serde (moldau::Serde<K>)"},
    RefusedKey{"default.value.serde", "the type of the value chooses its serde (moldau::Serde<V>)"},
    RefusedKey{"default.list.key.serde.inner", "std::vector<T> is read by moldau::Serde"},
    RefusedKey{"default.list.key.serde.type", "std::vector<T> is read by moldau::Serde"},
    RefusedKey{"default.list.value.serde.inner", "std::vector<T> is read by moldau::Serde"},
    RefusedKey{"default.list.value.serde.type", "std::vector<T> is read by moldau::Serde"},
    RefusedKey{"default.production.exception.handler", "use production.exception.handler"},
    RefusedKey{"dsl.store.suppliers.class",
               "choose the type of each store with Materialized::type"},
    RefusedKey{"enable.metrics.push", "clients do not push metrics"},
    RefusedKey{"log.summary.interval.ms", "not supported yet"},
    RefusedKey{"max.warmup.replicas", "warm-up replicas are not supported"},
    RefusedKey{"metric.reporters", "read Streams::metrics()"},
    RefusedKey{"metrics.num.samples", "metrics are totals, not samples"},
    RefusedKey{"metrics.sample.window.ms", "metrics are totals, not samples"},
    RefusedKey{"probing.rebalance.interval.ms", "warm-up replicas are not supported"},
    RefusedKey{"processor.wrapper.class",
               "a wrapper is a function: set Config::processor_wrapper instead"},
    RefusedKey{"rack.aware.assignment.non_overlap_cost", "tasks are assigned without racks"},
    RefusedKey{"rack.aware.assignment.strategy", "tasks are assigned without racks"},
    RefusedKey{"rack.aware.assignment.tags", "tasks are assigned without racks"},
    RefusedKey{"rack.aware.assignment.traffic_cost", "tasks are assigned without racks"},
    RefusedKey{"rocksdb.config.setter",
               "a setter is a function: set Config::rocksdb_config_setter instead"},
    RefusedKey{"state.cleanup.delay.ms", "state of tasks that have moved away is kept"},
    RefusedKey{"state.cleanup.dir.max.age.ms", "state of tasks that have moved away is kept"},
    RefusedKey{"task.assignor.class", "the assignor is built in, or the broker's"},
    RefusedKey{"upgrade.from", "there is no older version to upgrade from"},
    RefusedKey{"window.size.ms", "pass the size to time_windowed_serde()"},
    RefusedKey{"windowed.inner.class.serde", "the type of the key chooses its serde"},
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::span<const ConfigKey> config_keys() { return keys; }
std::span<const RefusedKey> refused_keys() { return refused; }

const ConfigKey* find_config_key(std::string_view name) {
  const auto* found = std::ranges::find(keys, name, &ConfigKey::name);
  return found == keys.end() ? nullptr : found;
}

const RefusedKey* find_refused_key(std::string_view name) {
  const auto* found = std::ranges::find(refused, name, &RefusedKey::name);
  return found == refused.end() ? nullptr : found;
}

std::string nearest_key(std::string_view name) {
  std::string nearest;
  std::size_t best = std::max<std::size_t>(3, name.size() / 4);
  const auto consider = [&](std::string_view candidate) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  };
  for (const ConfigKey& key : keys) consider(key.name);
  for (const std::string_view key : client_setting_names()) consider(key);
  return nearest;
}

std::string configuration_reference() {
  std::string text =
      "# Configuration\n\n"
      "<!-- Printed from the table in src/streams/config_keys.cpp; a test compares. -->\n\n"
      "Every key is a field of `moldau::Config`, or is set with `Config::set(key, value)` or in a\n"
      "properties file read by `Config::from_properties(file)`. Names and meanings are those of "
      "Kafka\n"
      "Streams 4.3. All problems of a configuration are reported at once, before anything "
      "starts.\n\n"
      "| key | default | values | meaning |\n|---|---|---|---|\n";
  for (const ConfigKey& key : keys) {
    text += "| `" + std::string{key.name} + "` | " + std::string{key.default_value} + " | " +
            std::string{key.values} + " | " + std::string{key.meaning} + " |\n";
  }
  text +=
      "\nKeys with the prefix `app.` are the application's own: processors read them, without the "
      "prefix,\n"
      "from `ProcessingContext::app_configs()`.\n"
      "\n## Client settings\n\n"
      "A key with the prefix `consumer.` (or `main.consumer.`, `restore.consumer.`, "
      "`global.consumer.`,\n"
      "which win over it), `producer.` or `admin.` goes to those clients; one of the settings "
      "below without a prefix "
      "goes to\n"
      "all of them; `topic.` sets a configuration of internal topics. Java's names are "
      "translated;\n"
      "librdkafka's own names work as well. A value for a setting that the library must decide "
      "itself is\n"
      "ignored with a warning.\n\n"
      "| Java's name | librdkafka's name |\n|---|---|\n";
  for (const ClientSetting& setting : client_settings()) {
    text += "| `" + std::string{setting.java} + "` | " +
            (setting.rdkafka.empty()
                 ? std::string{setting.note}
                 : "`" + std::string{setting.rdkafka} + "`" +
                       (setting.note.empty() ? "" : ": " + std::string{setting.note})) +
            " |\n";
  }
  text +=
      "\nTLS and SASL (docs/security.md) have more, by librdkafka's names:\n\n"
      "| setting | what |\n|---|---|\n";
  for (const SecuritySetting& setting : more_security_settings()) {
    text += "| `" + std::string{setting.name} + "` | " + std::string{setting.meaning} + " |\n";
  }
  text +=
      "\n## Keys of Kafka Streams that are refused\n\n| key | why, or what instead |\n|---|---|\n";
  for (const RefusedKey& key : refused) {
    text += "| `" + std::string{key.name} + "` | " + std::string{key.why} + " |\n";
  }
  return text;
}

}  // namespace moldau::inline v0::streams
