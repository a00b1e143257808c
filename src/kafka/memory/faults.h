#pragma once

#include "moldau/base/status.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace moldau::inline v0::kafka::memory {

// The calls that can be made to go wrong.
enum class Call : std::uint8_t {
  fetch,
  committed_offsets,
  produce,
  init_transactions,
  add_offsets,
  end_transaction,
  admin,
  join,
  heartbeat,
  commit_offsets,
  leave,
};

// What is to go wrong next. Empty unless a test or a simulator fills it. Guarded by the broker's
// lock.
class Faults {
 public:
  // The next `times` calls of this kind are answered with `status` and have no effect.
  void refuse_next(Call call, Status status, std::size_t times = 1);
  // The next `times` calls of this kind take effect, but their answer is lost: the caller sees a
  // retriable time-out. Of committed_offsets it is only late: the next call takes it. Without
  // effect on fetch and heartbeat, which change nothing.
  void drop_next_answer(Call call, std::size_t times = 1);
  void clear();

  // For the clients: what is planned for this call. Each uses one of it up.
  [[nodiscard]] Status take_refusal(Call call);
  [[nodiscard]] bool take_dropped_answer(Call call);

 private:
  std::map<Call, std::vector<std::pair<Status, std::size_t>>> refusals_;
  std::map<Call, std::size_t> dropped_;
};

}  // namespace moldau::inline v0::kafka::memory
