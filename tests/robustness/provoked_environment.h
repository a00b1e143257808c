#pragma once

#include "moldau/streams/environment.h"

#include "robustness/commit_rule.h"
#include "robustness/forwarding_membership.h"
#include "robustness/mistaken_clients.h"

#include <chrono>
#include <string>
#include <vector>

namespace robustness {

// What brings a mistake of the library to light sooner than chance would.
struct Provocation {
  std::string mutation;             // which mistake is made (docs/simulation.md); empty: none
  std::vector<std::string> delays;  // POINT:MILLISECONDS, see below
  int clock_ahead_hours = 0;
};

// An environment whose library makes the mistake, if one is chosen. At each point that has a delay
// the thread sleeps, up to so many milliseconds, a different while each time. Points are those of
// the library (MOLDAU_FAULT), and `acknowledge`: the group has been told what a member runs. The
// wall clock is ahead of the machine's. One for the process, before any thread of the library
// starts; `below` must outlive it, and what runs on it must end before.
class ProvokedEnvironment {
 public:
  // `on_broken` is told when offsets are sent for a task that the process does not run
  // (CommitRule). Throws std::invalid_argument if there is no such mistake, or a delay is not one.
  ProvokedEnvironment(const moldau::Environment& below, const Provocation& provocation,
                      CommitRule::OnBroken on_broken);
  ~ProvokedEnvironment();
  ProvokedEnvironment(const ProvokedEnvironment&) = delete;
  ProvokedEnvironment& operator=(const ProvokedEnvironment&) = delete;
  [[nodiscard]] moldau::Environment environment();

 private:
  class ClockAhead final : public moldau::Clock {
   public:
    ClockAhead(moldau::Clock& below, std::chrono::hours ahead) : below_(below), ahead_(ahead) {}
    [[nodiscard]] moldau::Timestamp wall() const override { return below_.wall() + ahead_; }
    [[nodiscard]] Steady steady() const override { return below_.steady(); }

   private:
    moldau::Clock& below_;
    std::chrono::hours ahead_;
  };

  moldau::Environment below_;
  CommitRule rule_;
  ForwardingMemberships memberships_;
  MistakenClients clients_;
  ClockAhead clock_;
};

}  // namespace robustness
