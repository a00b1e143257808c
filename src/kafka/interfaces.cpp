#include "moldau/kafka/clients.h"

namespace moldau::inline v0::kafka {

Consumer::~Consumer() = default;
Producer::~Producer() = default;
Admin::~Admin() = default;
GroupMembership::~GroupMembership() = default;
KafkaClients::~KafkaClients() = default;
Memberships::~Memberships() = default;
void Memberships::hold_places(const std::string& /*group_id*/) {}

}  // namespace moldau::inline v0::kafka
