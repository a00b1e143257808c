#include "moldau/kafka/clients.h"

namespace moldau::inline v0::kafka {

Consumer::~Consumer() = default;
Producer::~Producer() = default;
Admin::~Admin() = default;
GroupMembership::~GroupMembership() = default;
KafkaClients::~KafkaClients() = default;
Memberships::~Memberships() = default;

}  // namespace moldau::inline v0::kafka
