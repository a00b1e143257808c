#include "moldau/dsl/join_windows.h"

#include "moldau/base/error.h"

#include <string>

namespace moldau::inline v0::dsl {

namespace {

using std::chrono::milliseconds;

// Ten thousand years: sums of such lengths and a time do not overflow.
constexpr milliseconds longest = std::chrono::hours{24 * 365 * 10'000LL};

[[noreturn]] void refuse(const std::string& what, milliseconds found) {
  throw TopologyError("the windows of a join: " + what + ", found " +
                      std::to_string(found.count()) + " ms");
}

}  // namespace

void check(const JoinWindows& windows) {
  for (const milliseconds length : {windows.before, windows.after, windows.grace}) {
    if (length > longest || length < -longest) {
      refuse("before, after and grace must be below ten thousand years", length);
    }
  }
  if (windows.before + windows.after < milliseconds::zero()) {
    refuse("before + after must not be negative, no record could lie between them",
           windows.before + windows.after);
  }
  if (windows.grace < milliseconds::zero()) {
    refuse("the grace period must not be negative", windows.grace);
  }
}

}  // namespace moldau::inline v0::dsl
