#include "membership/coordinator_call.h"

#include "moldau/base/latch.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::membership {

using std::chrono::milliseconds;

Status call_coordinator(kafka::wire::CoordinatorLink& link, const std::string& group_id,
                        const CoordinatorCall& call, milliseconds timeout, const Clock& clock) {
  const Clock::Steady deadline = clock.steady() + timeout;
  Status last = Status::retriable(ErrorCode::timed_out,
                                  "group \"" + group_id + "\": no coordinator was found in time");
  for (;;) {
    const Clock::Steady now = clock.steady();
    const auto left = std::chrono::ceil<milliseconds>(deadline - now);
    if (left <= milliseconds::zero()) return last;
    if (now < link.not_before()) {
      Latch{}.wait(std::min(left, std::chrono::ceil<milliseconds>(link.not_before() - now)));
      continue;
    }
    const bool connected = link.ready();
    Status status = connected ? call(left) : link.advance(left);
    if (status.ok()) {
      if (connected) return {};
      continue;
    }
    if (!status.retriable()) return status;
    last = std::move(status);
  }
}

}  // namespace moldau::inline v0::membership
