#include "membership/classic/classic_memberships.h"

#include "membership/classic/classic_worker.h"
#include "membership/departure.h"
#include "membership/group_session.h"
#include "membership/make_link.h"
#include "membership/member_options.h"
#include "membership/streams_member.h"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace moldau::inline v0::membership::classic {

namespace {

using std::chrono::milliseconds;

constexpr kafka::wire::CoordinatorLink::GroupKind classic_group =
    kafka::wire::CoordinatorLink::GroupKind::classic;

class ClassicMemberships final : public kafka::Memberships {
 public:
  ClassicMemberships(MembershipServices services, ClassicOptions options,
                     kafka::ClientSettings settings)
      : services_(std::move(services)),
        options_(std::move(options)),
        settings_(std::move(settings)) {}

  Result<std::unique_ptr<kafka::GroupMembership>> make_member(
      const kafka::MembershipOptions& options) override {
    if (Status status = check_member_options("classic", options); !status) return status;
    if (!fits_the_wire(options_.session_timeout)) {
      return member_needs("classic", "session timeout between 1 and 2147483647 ms");
    }
    auto link =
        make_link(services_, classic_group, options.group_id, options.client_id, options.settings);
    if (!link) return link.error();
    auto commits =
        make_link(services_, classic_group, options.group_id, options.client_id, options.settings);
    if (!commits) return commits.error();

    auto member = std::make_shared<Shared<ClassicProtocol>>(identity(options), options.client_id,
                                                            options.on_event);
    auto session = std::make_shared<SessionOf<ClassicWorker>>(
        std::make_unique<ClassicWorker>(
            member, *std::move(link),
            ClassicWorker::Leading{.make_admin = options_.make_admin,
                                   .standby_replicas = options_.standby_replicas},
            services_.clock, services_.logger),
        services_.workers);
    return std::unique_ptr<kafka::GroupMembership>{std::make_unique<MemberOf<ClassicProtocol>>(
        std::move(session), std::move(member),
        std::make_unique<OffsetCommits>(*std::move(commits), options.group_id, services_.clock,
                                        OffsetCommits::Version::classic),
        services_.clock)};
  }

  Status leave_for(const std::string& group_id, std::span<const std::string> member_ids,
                   milliseconds timeout) override {
    if (member_ids.empty()) return {};
    auto link = make_link(services_, classic_group, group_id, settings_);
    if (!link) return link.error();
    return leave_classic_for(**link, group_id, member_ids, timeout, services_.clock);
  }

  void hold_places(const std::string& group_id) override { place_of(group_id)->store(true); }

  // Its members tell each other what they run.
  Status forget_topology(const std::string& /*group_id*/, milliseconds /*timeout*/) override {
    return {};
  }

 private:
  [[nodiscard]] std::shared_ptr<std::atomic<bool>> place_of(const std::string& group_id) {
    const std::lock_guard lock{mutex_};
    std::shared_ptr<std::atomic<bool>>& place = places_[group_id];
    if (place == nullptr) place = std::make_shared<std::atomic<bool>>(false);
    return place;
  }

  [[nodiscard]] ClassicProtocol::Identity identity(const kafka::MembershipOptions& options) {
    std::shared_ptr<std::atomic<bool>> place = place_of(options.group_id);
    place->store(false);  // an instance that was closed runs again
    return {.group_id = options.group_id,
            .instance_id = options.member_id,
            .process_id = options.process_id,
            .rebalance_timeout = options.rebalance_timeout,
            .session_timeout = options_.session_timeout,
            .heartbeat_interval = options_.heartbeat_interval,
            .first_nonce = static_cast<std::int64_t>(services_.random.next() >> 2),
            .stored = options_.stored_tasks ? options_.stored_tasks() : kafka::TaskSet{},
            .holds_place = std::move(place)};
  }

  const MembershipServices services_;
  const ClassicOptions options_;
  const kafka::ClientSettings settings_;
  std::mutex mutex_;  // guards places_
  // By group: whether members that leave keep their places. Shared with the members.
  std::map<std::string, std::shared_ptr<std::atomic<bool>>> places_;
};

}  // namespace

std::unique_ptr<kafka::Memberships> make_classic_memberships(MembershipServices services,
                                                             ClassicOptions options,
                                                             kafka::ClientSettings settings) {
  return std::make_unique<ClassicMemberships>(std::move(services), std::move(options),
                                              std::move(settings));
}

}  // namespace moldau::inline v0::membership::classic
