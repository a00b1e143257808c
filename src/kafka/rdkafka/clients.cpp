#include "kafka/rdkafka/clients.h"

#include "moldau/base/random.h"
#include "moldau/base/workers.h"

#include "kafka/rdkafka/admin.h"
#include "kafka/rdkafka/client.h"
#include "kafka/rdkafka/consumer.h"
#include "kafka/rdkafka/delivery_log.h"
#include "kafka/rdkafka/producer.h"
#include "kafka/rdkafka/reaper.h"
#include "kafka/rdkafka/settings.h"
#include "kafka/secrets.h"
#include "kafka/wire/coordinator_link.h"
#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/make_connection.h"
#include "kafka/wire/offset_reader.h"
#include "kafka/wire/transaction_fence.h"

#include <absl/strings/numbers.h>

#include <cstdint>
#include <utility>

namespace moldau::inline v0::kafka::rdkafka {

namespace {

class RdKafkaClients final : public KafkaClients {
 public:
  RdKafkaClients(const Clock& clock, std::shared_ptr<Logger> logger,
                 OAuthBearerTokenProvider tokens)
      : clock_(clock),
        logger_(std::move(logger)),
        tokens_(std::move(tokens)),
        random_(make_system_random()),
        reaper_(std::make_shared<Reaper>(thread_workers(), logger_)) {}

  Result<std::unique_ptr<Consumer>> make_consumer(const ConsumerOptions& options) override {
    auto client = make(RD_KAFKA_CONSUMER,
                       {.role = Role::consumer,
                        .client_id = options.client_id,
                        .group_id = options.group_id,
                        .transactional_id = {},
                        .isolation = options.isolation},
                       options.settings, std::make_unique<ClientEvents>());
    if (!client) return client.error();
    std::unique_ptr<wire::OffsetReader> offsets;
    if (!options.group_id.empty()) {
      auto made = make_offset_reader(options);
      if (!made) return made.error();
      offsets = *std::move(made);
    }
    return std::unique_ptr<Consumer>{std::make_unique<RdKafkaConsumer>(
        *std::move(client), std::move(offsets),
        RdKafkaConsumer::Traits{.isolation = options.isolation,
                                .max_poll_records = options.max_poll_records},
        clock_, reaper_)};
  }

  Result<std::unique_ptr<Producer>> make_producer(const ProducerOptions& options) override {
    auto client = make(RD_KAFKA_PRODUCER,
                       {.role = Role::producer,
                        .client_id = options.client_id,
                        .group_id = {},
                        .transactional_id = options.transactional_id,
                        .reports_acks = options.reports_acks},
                       options.settings, std::make_unique<DeliveryLog>());
    if (!client) return client.error();
    std::unique_ptr<wire::TransactionFence> fence;
    if (!options.transactional_id.empty()) {
      fence = make_fence(options, rd_kafka_conf((*client)->get()));
    }
    return std::unique_ptr<Producer>{std::make_unique<RdKafkaProducer>(
        *std::move(client), std::move(fence), clock_, thread_workers(), reaper_)};
  }

  // As consumers: what a producer asks about would be created by a broker that creates topics.
  Result<std::unique_ptr<Admin>> make_admin(const AdminOptions& options) override {
    ClientRequest request{.role = Role::admin,
                          .client_id = options.client_id,
                          .group_id = {},
                          .transactional_id = {}};
    request.isolation = Isolation::read_committed;
    auto committed =
        make(RD_KAFKA_CONSUMER, request, options.settings, std::make_unique<ClientEvents>());
    if (!committed) return committed.error();
    request.isolation = Isolation::read_uncommitted;
    auto uncommitted =
        make(RD_KAFKA_CONSUMER, request, options.settings, std::make_unique<ClientEvents>());
    if (!uncommitted) return uncommitted.error();
    return std::unique_ptr<Admin>{std::make_unique<RdKafkaAdmin>(
        *std::move(committed), *std::move(uncommitted), clock_, reaper_)};
  }

 private:
  Result<std::unique_ptr<wire::OffsetReader>> make_offset_reader(const ConsumerOptions& options) {
    auto servers = wire::parse_bootstrap_servers(options.settings.at("bootstrap.servers"));
    if (!servers) return servers.error();
    auto connection = wire::make_connection(options.settings, clock_, tokens_);
    if (!connection) return connection.error();
    auto link = std::make_unique<wire::CoordinatorLink>(
        *std::move(connection),
        wire::CoordinatorLink::Target{.group_id = options.group_id,
                                      .client_id = options.client_id,
                                      .servers = *std::move(servers),
                                      // What is asked, each broker can that has these.
                                      .kind = wire::CoordinatorLink::GroupKind::classic},
        clock_, *random_);
    return std::make_unique<wire::OffsetReader>(
        std::move(link), options.group_id, options.isolation == Isolation::read_committed, clock_);
  }

  // With what librdkafka makes of the options. Null if there is a setting that only librdkafka can
  // say something about.
  std::unique_ptr<wire::TransactionFence> make_fence(const ProducerOptions& options,
                                                     const rd_kafka_conf_t* conf) const {
    auto servers = wire::parse_bootstrap_servers(options.settings.at("bootstrap.servers"));
    auto connection = wire::make_connection(options.settings, clock_, tokens_);
    std::int64_t transaction_timeout = 0;
    const bool known =
        absl::SimpleAtoi(value_in(conf, "transaction.timeout.ms"), &transaction_timeout);
    if (!servers || !connection || !known) return nullptr;
    return std::make_unique<wire::TransactionFence>(
        *std::move(connection),
        wire::TransactionFence::Target{
            .transactional_id = options.transactional_id,
            .client_id = value_in(conf, "client.id"),
            .servers = *std::move(servers),
            .transaction_timeout = std::chrono::milliseconds{transaction_timeout}},
        clock_);
  }

  Result<std::unique_ptr<Client>> make(rd_kafka_type_t type, const ClientRequest& request,
                                       const ClientSettings& settings,
                                       std::unique_ptr<ClientEvents> events) {
    Result<ConfPtr> conf = make_conf(request, settings);
    if (!conf) return conf.error();
    return Client::make(
        type, *std::move(conf),
        std::make_unique<LogRelay>(clock_, logger_, request.client_id, SecretValues{settings}),
        std::move(events), tokens_);
  }

  const Clock& clock_;
  std::shared_ptr<Logger> logger_;
  const OAuthBearerTokenProvider tokens_;
  const std::unique_ptr<Random> random_;
  std::shared_ptr<Reaper> reaper_;
};

}  // namespace

std::unique_ptr<KafkaClients> make_clients(const Clock& clock, std::shared_ptr<Logger> logger,
                                           OAuthBearerTokenProvider tokens) {
  return std::make_unique<RdKafkaClients>(clock, std::move(logger), std::move(tokens));
}

Status check_settings(const ClientSettings& settings) {
  for (const Role role : {Role::consumer, Role::producer, Role::admin}) {
    const Result<ConfPtr> conf = make_conf({.role = role}, settings);
    if (!conf) return conf.error();
  }
  return {};
}

}  // namespace moldau::inline v0::kafka::rdkafka
