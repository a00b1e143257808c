#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/metrics/sensors.h"
#include "moldau/processor/task_context.h"
#include "moldau/record/record_metadata.h"
#include "moldau/state/buffered_change.h"

#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>

namespace moldau::inline v0::state {
class SuppressBuffer;
}

namespace moldau::inline v0::processor {

class Node;

// How long an event-time wait is: as it should be, and as the reference does it.
struct EventTimeWait {
  std::chrono::milliseconds complete{0};
  std::chrono::milliseconds reference{0};
};

// When suppress() hands a change on.
struct SuppressionRules {
  // Once the node's time is that far past the time the change waits for.
  EventTimeWait wait = {};
  // Changes wait for the end of their window, and a window that is gone by then never shows up.
  bool final_results = false;
  // More than that is too much.
  std::size_t max_records = std::numeric_limits<std::size_t>::max();
  std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
  // Too much: the oldest leave before their time, or the node fails.
  bool emit_early = false;
};

// suppress() without its types: what is held back, what is to leave, what is to be told below as
// the value before. Owned by its node; keeps its buffers.
class MOLDAU_EXPORT Suppression {
 public:
  explicit Suppression(const SuppressionRules& rules) : rules_(rules) {}

  [[nodiscard]] const SuppressionRules& rules() const noexcept { return rules_; }

  // Throws TopologyError if the task's store of that name is not such a buffer.
  void open(const Node& node, const std::string& store);

  // The change that is put next: emptied here, filled by the caller.
  struct Input {
    ByteBuffer key;
    ByteBuffer before;
    ByteBuffer now;
    bool has_before = false;
    bool has_now = false;
  };
  [[nodiscard]] Input& start();
  // Holds the change back. `due`: what it waits for, unless one of its key waits already.
  // `before_is_start`: as in Change.
  void put(Timestamp due, bool before_is_start, const RecordContext& context);

  // The change that is to leave now, as it is to be told; nullptr if there is none. Valid until
  // leave(), which must follow. Throws StreamsError if too much is held back.
  [[nodiscard]] const state::BufferedChange* leaving();
  void leave();
  // Said for each one that was handed on: counts it in `suppression-emit-total`.
  void handed_on() noexcept { emitted_->record(); }

  // The key whose row is looked up next: emptied here, filled by the caller.
  [[nodiscard]] ByteBuffer& start_lookup();
  // True if a change of that key is held back. `prior` then is what is known below.
  [[nodiscard]] bool held_back(std::optional<Bytes>& prior) const;

 private:
  [[nodiscard]] bool over_limit() const;
  [[noreturn]] void fail_over_limit() const;

  SuppressionRules rules_;
  std::chrono::milliseconds wait_{0};
  bool complete_ = true;
  const Node* node_ = nullptr;
  state::SuppressBuffer* buffer_ = nullptr;
  RateSensor* emitted_ = nullptr;
  Input input_;
  ByteBuffer lookup_;
  state::BufferedChange leaving_;
};

}  // namespace moldau::inline v0::processor
