#include "membership/make_link.h"

#include "kafka/wire/endpoint_text.h"

#include <utility>
#include <vector>

namespace moldau::inline v0::membership {

namespace {

std::string setting(const kafka::ClientSettings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string{} : found->second;
}

}  // namespace

Result<std::unique_ptr<kafka::wire::CoordinatorLink>> make_link(
    const MembershipServices& services, kafka::wire::CoordinatorLink::GroupKind kind,
    const std::string& group_id, const std::string& client_id,
    const kafka::ClientSettings& settings) {
  Result<std::vector<kafka::wire::Endpoint>> servers =
      kafka::wire::parse_bootstrap_servers(setting(settings, "bootstrap.servers"));
  if (!servers) return servers.error();
  Result<std::unique_ptr<kafka::wire::Connection>> connection = services.make_connection(settings);
  if (!connection) return connection.error();
  return std::make_unique<kafka::wire::CoordinatorLink>(
      *std::move(connection),
      kafka::wire::CoordinatorLink::Target{.group_id = group_id,
                                           .client_id = client_id,
                                           .servers = *std::move(servers),
                                           .kind = kind},
      services.clock, services.random);
}

Result<std::unique_ptr<kafka::wire::CoordinatorLink>> make_link(
    const MembershipServices& services, kafka::wire::CoordinatorLink::GroupKind kind,
    const std::string& group_id, const kafka::ClientSettings& settings) {
  return make_link(services, kind, group_id, setting(settings, "client.id"), settings);
}

}  // namespace moldau::inline v0::membership
