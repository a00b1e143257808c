#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/kafka/values.h"
#include "moldau/state/state_store.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace moldau::inline v0::runtime {

// Whether a store found on disk can go on from its position, given what its changelog holds now.
struct ChangelogVerdict {
  enum class Action : std::uint8_t {
    replay,         // from `from` to the end
    rebuild,        // delete the store's files, then replay from the start
    data_was_lost,  // the log is shorter than what the store has followed: acknowledged data is
                    // gone
  };
  Action action = Action::replay;
  Offset from;
  std::string reason;  // for the log, unless action is an ordinary replay
};

struct ChangelogRetention {
  bool deletes_old_segments = false;  // cleanup.policy has `delete` beside `compact`
  // How long a tombstone is kept after its key was deleted.
  std::chrono::milliseconds tombstones{std::chrono::hours{24}};
};

// reliability 1.6. `log` are the changelog's start and its end with undecided transactions counted.
[[nodiscard]] ChangelogVerdict check_changelog(
    const std::optional<state::ChangelogPosition>& position, const kafka::OffsetRange& log,
    const ChangelogRetention& retention, Timestamp now);

}  // namespace moldau::inline v0::runtime
