#include "simulation/client_mistakes.h"

namespace moldau::simulation {

UnstableOffsets::UnstableOffsets(kafka::KafkaClients& clients, kafka::ConsumerOptions options)
    : clients_(clients), options_(std::move(options)) {
  options_.isolation = kafka::Isolation::read_uncommitted;
}

Result<std::vector<kafka::CommittedOffset>> UnstableOffsets::committed(
    std::span<const TopicPartition> partitions, std::chrono::milliseconds timeout) {
  if (consumer_ == nullptr) {
    auto made = clients_.make_consumer(options_);
    if (!made) return made.error();
    consumer_ = *std::move(made);
  }
  return consumer_->committed(partitions, timeout);
}

LogEnds::LogEnds(kafka::KafkaClients& clients, const kafka::ProducerOptions& options)
    : clients_(clients), options_{.client_id = options.client_id, .settings = {}} {
  const auto brokers = options.settings.find("bootstrap.servers");
  if (brokers != options.settings.end()) options_.settings.insert(*brokers);
}

void LogEnds::named(TopicHandle topic, std::string_view name) {
  names_.insert_or_assign(topic, std::string{name});
}

void LogEnds::report(kafka::Deliveries& deliveries, std::chrono::milliseconds timeout) {
  for (const kafka::AckedOffset& acked : deliveries.acked) {
    written_.emplace(acked.topic, acked.partition);
  }
  if (!std::exchange(committed_, false)) return;
  if (admin_ == nullptr) {
    auto made = clients_.make_admin(options_);
    if (!made) return;
    admin_ = *std::move(made);
  }
  std::vector<TopicPartition> places;
  std::vector<std::pair<TopicHandle, PartitionId>> written{written_.begin(), written_.end()};
  for (const auto& [topic, partition] : written) places.emplace_back(names_.at(topic), partition);
  if (places.empty()) return;
  const auto logs = admin_->list_offsets(places, kafka::Isolation::read_uncommitted, timeout);
  if (!logs) return;
  for (std::size_t i = 0; i < logs->size(); ++i) {
    deliveries.acked.push_back({written[i].first, written[i].second, (*logs)[i].end - 1});
  }
}

}  // namespace moldau::simulation
