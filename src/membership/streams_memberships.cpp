#include "membership/streams_memberships.h"

#include "kafka/wire/make_connection.h"
#include "membership/departure.h"
#include "membership/group_session.h"
#include "membership/group_worker.h"
#include "membership/make_link.h"
#include "membership/member_options.h"
#include "membership/streams_member.h"
#include "membership/topology_reset.h"

#include <map>
#include <mutex>
#include <utility>

namespace moldau::inline v0::membership {

namespace {

using std::chrono::milliseconds;

using StreamsSession = SessionOf<GroupWorker>;

constexpr kafka::wire::CoordinatorLink::GroupKind streams_group =
    kafka::wire::CoordinatorLink::GroupKind::streams;

// A group that this process has or had a member of.
struct Group {
  std::weak_ptr<StreamsSession> session;
  kafka::ClientSettings settings;
};

class StreamsMemberships final : public kafka::Memberships {
 public:
  StreamsMemberships(MembershipServices services, kafka::ClientSettings settings)
      : services_(std::move(services)), settings_(std::move(settings)) {}

  Result<std::unique_ptr<kafka::GroupMembership>> make_member(
      const kafka::MembershipOptions& options) override;
  Status forget_topology(const std::string& group_id, milliseconds timeout) override;
  Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                   milliseconds timeout) override;

 private:
  Result<std::shared_ptr<StreamsSession>> session_of(const kafka::MembershipOptions& options);

  [[nodiscard]] kafka::ClientSettings settings_for(const std::string& group_id);

  const MembershipServices services_;
  const kafka::ClientSettings settings_;
  std::mutex mutex_;  // guards groups_
  std::map<std::string, Group> groups_;
};

Result<std::unique_ptr<kafka::GroupMembership>> StreamsMemberships::make_member(
    const kafka::MembershipOptions& options) {
  if (Status status = check_member_options("streams", options); !status) return status;
  Result<std::unique_ptr<kafka::wire::CoordinatorLink>> link =
      make_link(services_, streams_group, options.group_id, options.client_id, options.settings);
  if (!link) return link.error();
  Result<std::shared_ptr<StreamsSession>> session = session_of(options);
  if (!session) return session.error();

  auto member = std::make_shared<SharedMember>(
      MemberProtocol::Identity{.group_id = options.group_id,
                               .member_id = options.member_id,
                               .process_id = options.process_id,
                               .rebalance_timeout = options.rebalance_timeout},
      options.client_id, options.on_event);
  (*session)->worker().add(member);
  return std::unique_ptr<kafka::GroupMembership>{std::make_unique<StreamsMember>(
      *std::move(session), std::move(member),
      std::make_unique<OffsetCommits>(*std::move(link), options.group_id, services_.clock),
      services_.clock)};
}

Result<std::shared_ptr<StreamsSession>> StreamsMemberships::session_of(
    const kafka::MembershipOptions& options) {
  const std::lock_guard lock{mutex_};
  Group& group = groups_[options.group_id];
  if (std::shared_ptr<StreamsSession> session = group.session.lock()) return session;
  Result<std::unique_ptr<kafka::wire::CoordinatorLink>> link =
      make_link(services_, streams_group, options.group_id, options.client_id, options.settings);
  if (!link) return link.error();
  auto session = std::make_shared<StreamsSession>(
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
  Result<std::unique_ptr<kafka::wire::CoordinatorLink>> made =
      make_link(services_, streams_group, group_id, settings_for(group_id));
  if (!made) return made.error();
  return membership::leave_for(**made, group_id, member_ids, timeout, services_.clock);
}

Status StreamsMemberships::forget_topology(const std::string& group_id, milliseconds timeout) {
  Result<std::unique_ptr<kafka::wire::CoordinatorLink>> made =
      make_link(services_, streams_group, group_id, settings_for(group_id));
  if (!made) return made.error();
  return membership::forget_topology(**made, group_id, timeout, services_.clock);
}

}  // namespace

std::unique_ptr<kafka::Memberships> make_streams_memberships(MembershipServices services,
                                                             kafka::ClientSettings settings) {
  return std::make_unique<StreamsMemberships>(std::move(services), std::move(settings));
}

std::unique_ptr<kafka::Memberships> make_streams_memberships(
    Clock& clock, Random& random, Workers& workers, std::shared_ptr<Logger> logger,
    kafka::ClientSettings settings, kafka::OAuthBearerTokenProvider tokens) {
  return make_streams_memberships(
      MembershipServices{
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
