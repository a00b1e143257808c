#include "membership/streams_memberships.h"

#include "kafka/wire/endpoint_text.h"
#include "kafka/wire/make_connection.h"
#include "membership/departure.h"
#include "membership/group_session.h"
#include "membership/streams_member.h"
#include "membership/topology_reset.h"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;

// A group that this process has or had a member of.
struct Group {
  std::weak_ptr<GroupSession> session;
  kafka::ClientSettings settings;
};

class StreamsMemberships final : public kafka::Memberships {
 public:
  StreamsMemberships(StreamsMembershipsServices services, kafka::ClientSettings settings)
      : services_(std::move(services)), settings_(std::move(settings)) {}

  Result<std::unique_ptr<kafka::GroupMembership>> make_member(
      const kafka::MembershipOptions& options) override;
  Status forget_topology(const std::string& group_id, milliseconds timeout) override;
  Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                   milliseconds timeout) override;

 private:
  Result<std::unique_ptr<CoordinatorLink>> make_link(const std::string& group_id,
                                                     const std::string& client_id,
                                                     const kafka::ClientSettings& settings) const;
  Result<std::shared_ptr<GroupSession>> session_of(const kafka::MembershipOptions& options);

  [[nodiscard]] kafka::ClientSettings settings_for(const std::string& group_id);

  const StreamsMembershipsServices services_;
  const kafka::ClientSettings settings_;
  std::mutex mutex_;  // guards groups_
  std::map<std::string, Group> groups_;
};

Status missing(std::string_view what) {
  return Status::permanent(ErrorCode::invalid_request,
                           "a member of a streams group needs a " + std::string{what});
}

std::string setting(const kafka::ClientSettings& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string{} : found->second;
}

Result<std::unique_ptr<kafka::GroupMembership>> StreamsMemberships::make_member(
    const kafka::MembershipOptions& options) {
  if (options.group_id.empty()) return missing("group id");
  if (options.member_id.empty()) return missing("member id");
  if (options.process_id.empty()) return missing("process id");
  if (options.rebalance_timeout < milliseconds{1} ||
      options.rebalance_timeout > milliseconds{std::numeric_limits<std::int32_t>::max()}) {
    return missing("rebalance timeout between 1 and 2147483647 ms");
  }
  Result<std::unique_ptr<CoordinatorLink>> link =
      make_link(options.group_id, options.client_id, options.settings);
  if (!link) return link.error();
  Result<std::shared_ptr<GroupSession>> session = session_of(options);
  if (!session) return session.error();

  auto member = std::make_shared<SharedMember>(
      MemberProtocol::Identity{.group_id = options.group_id,
                               .member_id = options.member_id,
                               .process_id = options.process_id,
                               .rebalance_timeout = options.rebalance_timeout},
      options.client_id, options.on_event);
  (*session)->add(member);
  return std::unique_ptr<kafka::GroupMembership>{std::make_unique<StreamsMember>(
      *std::move(session), std::move(member),
      std::make_unique<OffsetCommits>(*std::move(link), options.group_id, services_.clock),
      services_.clock)};
}

Result<std::unique_ptr<CoordinatorLink>> StreamsMemberships::make_link(
    const std::string& group_id, const std::string& client_id,
    const kafka::ClientSettings& settings) const {
  Result<std::vector<kafka::wire::Endpoint>> servers =
      kafka::wire::parse_bootstrap_servers(setting(settings, "bootstrap.servers"));
  if (!servers) return servers.error();
  Result<std::unique_ptr<kafka::wire::Connection>> connection = services_.make_connection(settings);
  if (!connection) return connection.error();
  return std::make_unique<CoordinatorLink>(
      *std::move(connection),
      CoordinatorLink::Target{
          .group_id = group_id, .client_id = client_id, .servers = *std::move(servers)},
      services_.clock, services_.random);
}

Result<std::shared_ptr<GroupSession>> StreamsMemberships::session_of(
    const kafka::MembershipOptions& options) {
  const std::lock_guard lock{mutex_};
  Group& group = groups_[options.group_id];
  if (std::shared_ptr<GroupSession> session = group.session.lock()) return session;
  Result<std::unique_ptr<CoordinatorLink>> link =
      make_link(options.group_id, options.client_id, options.settings);
  if (!link) return link.error();
  auto session = std::make_shared<GroupSession>(
      std::make_unique<GroupWorker>(options.group_id, *std::move(link), services_.clock,
                                    services_.logger),
      services_.workers);
  group = {.session = session, .settings = options.settings};
  return session;
}

kafka::ClientSettings StreamsMemberships::settings_for(const std::string& group_id) {
  const std::lock_guard lock{mutex_};
  const auto known = groups_.find(group_id);
  return known == groups_.end() ? settings_ : known->second.settings;
}

Status StreamsMemberships::leave_for(const std::string& group_id,
                                     std::span<const std::string> member_ids,
                                     milliseconds timeout) {
  if (member_ids.empty()) return {};
  const kafka::ClientSettings settings = settings_for(group_id);
  Result<std::unique_ptr<CoordinatorLink>> made =
      make_link(group_id, setting(settings, "client.id"), settings);
  if (!made) return made.error();
  return membership::leave_for(**made, group_id, member_ids, timeout, services_.clock);
}

Status StreamsMemberships::forget_topology(const std::string& group_id, milliseconds timeout) {
  const kafka::ClientSettings settings = settings_for(group_id);
  Result<std::unique_ptr<CoordinatorLink>> made =
      make_link(group_id, setting(settings, "client.id"), settings);
  if (!made) return made.error();
  return membership::forget_topology(**made, group_id, timeout, services_.clock);
}

}  // namespace

std::unique_ptr<kafka::Memberships> make_streams_memberships(StreamsMembershipsServices services,
                                                             kafka::ClientSettings settings) {
  return std::make_unique<StreamsMemberships>(std::move(services), std::move(settings));
}

std::unique_ptr<kafka::Memberships> make_streams_memberships(
    Clock& clock, Random& random, Workers& workers, std::shared_ptr<Logger> logger,
    kafka::ClientSettings settings, kafka::OAuthBearerTokenProvider tokens) {
  return make_streams_memberships(
      StreamsMembershipsServices{
          .clock = clock,
          .random = random,
          .workers = workers,
          .logger = std::move(logger),
          .make_connection =
              [&clock, tokens = std::move(tokens)](const kafka::ClientSettings& each) {
                return kafka::wire::make_connection(each, clock, tokens);
              }},
      std::move(settings));
}

}  // namespace moldau::inline v0::membership
