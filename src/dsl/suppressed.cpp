#include "moldau/dsl/suppressed.h"

#include "moldau/base/error.h"

#include <limits>
#include <string>

namespace moldau::inline v0::dsl {

namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

}  // namespace

processor::SuppressionRules suppression_rules(const UntilTimeLimit& until) {
  if (until.wait.count() < 0) {
    throw TopologyError("until_time_limit() of " + std::to_string(until.wait.count()) +
                        " ms: the time to wait must be 0 or more");
  }
  return {.wait = {.complete = until.wait, .reference = until.wait},
          .final_results = false,
          .max_records = until.buffer.max_records.value_or(no_limit),
          .max_bytes = until.buffer.max_bytes.value_or(no_limit),
          .emit_early = until.buffer.when_full == WhenFull::emit_early};
}

processor::SuppressionRules suppression_rules(const UntilWindowCloses& until,
                                              const processor::EventTimeWait& closing) {
  return {.wait = closing,
          .final_results = true,
          .max_records = until.buffer.max_records.value_or(no_limit),
          .max_bytes = until.buffer.max_bytes.value_or(no_limit),
          .emit_early = false};
}

}  // namespace moldau::inline v0::dsl
