#pragma once

#include "moldau/base/status.h"
#include "moldau/kafka/clients.h"

#include "kafka/rdkafka/handles.h"

#include <cstdint>
#include <string>
#include <string_view>

// From the options of a seam to librdkafka's configuration.
namespace moldau::inline v0::kafka::rdkafka {

enum class Role : std::uint8_t { consumer, producer, admin };

struct ClientRequest {
  Role role = Role::consumer;
  std::string client_id = {};
  std::string group_id = {};
  std::string transactional_id = {};
  Isolation isolation = Isolation::read_committed;
  bool reports_acks = true;  // ProducerOptions::reports_acks
};

// Ours where results depend on it, else the user's, else a default that fits stream processing.
// ErrorCode::invalid_request names the setting that is refused and says why; the value of a secret
// is never repeated.
[[nodiscard]] Result<ConfPtr> make_conf(const ClientRequest& request,
                                        const ClientSettings& settings);

// The value a client really runs with; empty if librdkafka does not know the name.
[[nodiscard]] std::string value_in(const rd_kafka_conf_t* conf, std::string_view name);

}  // namespace moldau::inline v0::kafka::rdkafka
