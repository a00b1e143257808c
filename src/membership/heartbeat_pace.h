#pragma once

#include "moldau/base/clock.h"

#include <algorithm>
#include <chrono>

namespace moldau::inline v0::membership {

// How a member spends its time. A group tells nobody anything except in answers, so a member asks
// more often while something is going on.
struct HeartbeatPace {
  using milliseconds = std::chrono::milliseconds;

  milliseconds delayed{500};  // while the assignment is delayed
  milliseconds unsettled{1'000};
  milliseconds settled{3'000};
  // With standbys: whose task they are of may leave, and this member has it within a second.
  milliseconds standing_by{500};
  // Standbys were given up: if this member is to run their tasks, the group says so with the answer
  // to its next heartbeat, not with that to this one.
  milliseconds promoting{100};
  // After a new epoch: others may still be giving tasks away.
  milliseconds unsettled_time{5'000};
  // Without an answer for so long the group has given the tasks away, whatever we know. The
  // broker's default, which no answer tells.
  milliseconds session{45'000};

  struct Now {
    milliseconds interval{0};  // the longest pause the broker wants; 0: not known
    bool delayed = false;
    bool unsettled = false;
    bool standing_by = false;
    bool promoting = false;
  };
  [[nodiscard]] milliseconds pause(const Now& now) const {
    milliseconds wanted = now.delayed ? delayed : now.unsettled ? unsettled : settled;
    if (now.standing_by) wanted = std::min(wanted, standing_by);
    if (now.promoting) wanted = std::min(wanted, promoting);
    return now.interval > milliseconds::zero() ? std::min(wanted, now.interval) : wanted;
  }
};

}  // namespace moldau::inline v0::membership
