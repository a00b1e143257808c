#include "robustness/provoked_environment.h"

#include "runtime/fault.h"
#include "simulation/mutations.h"

#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

namespace robustness {

namespace {

using Delays = std::map<std::string, std::int64_t, std::less<>>;  // longest, in milliseconds

Delays parse(const std::vector<std::string>& texts) {
  Delays delays;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    const std::string longest = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (colon == 0 || longest.empty() ||
        longest.find_first_not_of("0123456789") != std::string::npos || longest.size() > 6) {
      throw std::invalid_argument("a delay is POINT:MILLISECONDS, not " + text);
    }
    delays[text.substr(0, colon)] = std::stoll(longest);
  }
  return delays;
}

void sleep_up_to(std::chrono::milliseconds longest) {
  thread_local std::minstd_rand draw{std::random_device{}()};
  std::uniform_int_distribution<std::int64_t> lengths{0, longest.count()};
  std::this_thread::sleep_for(std::chrono::milliseconds{lengths(draw)});
}

class SlowMembership final : public ForwardingMembership {
 public:
  using ForwardingMembership::ForwardingMembership;

  void acknowledge(const moldau::kafka::OwnedTasks& owned) override {
    ForwardingMembership::acknowledge(owned);
    MOLDAU_FAULT("acknowledge");
  }
};

}  // namespace

ProvokedEnvironment::ProvokedEnvironment(const moldau::Environment& below,
                                         const Provocation& provocation,
                                         CommitRule::OnBroken on_broken)
    : below_(below),
      rule_(std::move(on_broken)),
      memberships_(
          below.memberships,
          [this](CommitRule::MemberPtr member, const moldau::kafka::MembershipOptions& options) {
            return std::make_unique<SlowMembership>(rule_.watch(std::move(member), options));
          }),
      clients_(below.clients, rule_),
      clock_(below.clock, std::chrono::hours{provocation.clock_ahead_hours}) {
  moldau::simulation::choose_mutation(provocation.mutation);
  const Delays delays = parse(provocation.delays);
  if (delays.empty()) return;
  moldau::runtime::fault_hook() = [delays](std::string_view point) {
    const auto found = delays.find(point);
    if (found != delays.end()) sleep_up_to(std::chrono::milliseconds{found->second});
  };
}

ProvokedEnvironment::~ProvokedEnvironment() { moldau::runtime::fault_hook() = nullptr; }

moldau::Environment ProvokedEnvironment::environment() {
  return {.clients = clients_,
          .memberships = memberships_,
          .clock = clock_,
          .random = below_.random,
          .files = below_.files,
          .workers = below_.workers,
          .storage = below_.storage};
}

}  // namespace robustness
