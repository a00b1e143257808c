#include "moldau/testing/embedded_broker.h"

#include "moldau/base/filesystem.h"
#include "moldau/base/murmur2.h"
#include "moldau/base/random.h"

#include "kafka/memory/broker.h"
#include "kafka/memory/memory_clients.h"

namespace moldau::inline v0::testing {

namespace {

namespace memory = kafka::memory;

void must(const Status& status) {
  if (!status.ok()) throw Error(std::string{status.message()});
}

memory::Topic& existing(memory::Broker::Turn& turn, const std::string& name) {
  memory::Topic* topic = turn->topics.find(name);
  if (topic == nullptr) throw Error("there is no topic \"" + name + "\"");
  return *topic;
}

}  // namespace

class EmbeddedBroker::Impl {
 public:
  explicit Impl(EmbeddedBrokerOptions options)
      : clock(options.clock != nullptr ? *options.clock : system_clock()),
        workers(options.workers != nullptr ? *options.workers : thread_workers()),
        storage(options.storage != nullptr ? std::move(options.storage)
                                           : state::make_rocksdb_storage()),
        random(make_system_random()),
        broker(clock, {.groups = {.session_timeout = options.session_timeout,
                                  .standby_replicas = options.standby_replicas}}),
        clients(memory::make_clients(broker)),
        memberships(memory::make_memberships(broker)),
        producer(memory::Broker::Turn { broker } -> transactions.new_producer()) {}

  Clock& clock;
  Workers& workers;
  std::shared_ptr<state::Storage> storage;  // shared with the applications
  std::unique_ptr<Random> random;
  memory::Broker broker;
  std::unique_ptr<kafka::KafkaClients> clients;
  std::unique_ptr<kafka::Memberships> memberships;
  const memory::ProducerIdentity producer;
  std::int32_t next_partition = 0;  // for records without a key; guarded by the broker's lock
};

EmbeddedBroker::EmbeddedBroker(EmbeddedBrokerOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

EmbeddedBroker::~EmbeddedBroker() = default;

Environment EmbeddedBroker::environment() {
  return {.clients = *impl_->clients,
          .memberships = *impl_->memberships,
          .clock = impl_->clock,
          .random = *impl_->random,
          .files = system_filesystem(),
          .workers = impl_->workers,
          .storage = impl_->storage};
}

void EmbeddedBroker::create_topic(const std::string& name, std::int32_t partitions,
                                  const kafka::TopicConfig& config) {
  memory::Broker::Turn turn{impl_->broker};
  must(turn->topics.create(
      {.name = name, .partitions = partitions, .replication = -1, .config = config}));
  turn.changed();
}

std::optional<std::int32_t> EmbeddedBroker::partitions(const std::string& topic) const {
  memory::Broker::Turn turn{impl_->broker};
  const memory::Topic* found = turn->topics.find(topic);
  return found == nullptr ? std::nullopt : std::optional{found->partition_count()};
}

void EmbeddedBroker::produce(const RawTestRecord& record, std::optional<PartitionId> partition) {
  memory::Broker::Turn turn{impl_->broker};
  const std::int32_t count = existing(turn, record.topic).partition_count();
  if (!partition) {
    partition = record.key ? partition_for_key(*record.key, count)
                           : PartitionId{impl_->next_partition++ % count};
  }
  memory::LogEntry entry{.kind = memory::LogEntry::Kind::record,
                         .offset = {},
                         .producer = impl_->producer,
                         .transactional = false,
                         .timestamp = record.timestamp.value_or(turn.wall()),
                         .key = record.key,
                         .value = record.value,
                         .headers = record.headers,
                         .removable_from = {}};
  const Result<Offset> offset =
      turn->topics.append({record.topic, *partition}, std::move(entry), turn.wall());
  must(offset.error());
  turn.changed();
}

std::vector<RawTestRecord> EmbeddedBroker::read(const std::string& topic,
                                                kafka::Isolation isolation) const {
  memory::Broker::Turn turn{impl_->broker};
  std::vector<RawTestRecord> records;
  for (const memory::PartitionLog& log : existing(turn, topic).partitions) {
    for (const memory::LogEntry* entry : log.read(log.start(), log.entries(), isolation).records) {
      records.push_back({topic, entry->key, entry->value, entry->timestamp, entry->headers});
    }
  }
  return records;
}

std::vector<kafka::CommittedOffset> EmbeddedBroker::committed(const std::string& group,
                                                              const std::string& topic) const {
  memory::Broker::Turn turn{impl_->broker};
  std::vector<TopicPartition> partitions;
  for (std::int32_t i = 0; i < existing(turn, topic).partition_count(); ++i) {
    partitions.push_back({topic, PartitionId{i}});
  }
  return turn->groups.offsets(group).committed(partitions);
}

bool EmbeddedBroker::caught_up(const std::string& group, const std::string& topic) const {
  memory::Broker::Turn turn{impl_->broker};
  std::vector<TopicPartition> behind;
  for (std::int32_t i = 0; i < existing(turn, topic).partition_count(); ++i) {
    const memory::PartitionLog& log = *turn->topics.find(TopicPartition{topic, PartitionId{i}});
    if (log.start() < log.end()) behind.push_back({topic, PartitionId{i}});
  }
  for (const kafka::CommittedOffset& offset : turn->groups.offsets(group).committed(behind)) {
    const memory::PartitionLog& log = *turn->topics.find(offset.partition);
    if (offset.next == log.end()) std::erase(behind, offset.partition);
  }
  return behind.empty();
}

void EmbeddedBroker::compact(const std::string& topic) {
  memory::Broker::Turn turn{impl_->broker};
  turn->topics.clean(existing(turn, topic), turn.wall());
  turn.changed();
}

kafka::memory::Broker& EmbeddedBroker::broker() noexcept { return impl_->broker; }

}  // namespace moldau::inline v0::testing
