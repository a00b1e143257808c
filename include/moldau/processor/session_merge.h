#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/record/windowed.h"
#include "moldau/state/session_rows.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace moldau::inline v0::processor {

// The sessions of a key that a record brings together, as bytes. Keeps its buffers. Owned by one
// node.
class MOLDAU_EXPORT SessionMerge {
 public:
  struct Found {
    Window session;
    // Where in the merge's memory the value lies.
    std::size_t at;
    std::size_t size;
  };

  explicit SessionMerge(std::chrono::milliseconds gap) : gap_(gap) {}

  // Looks for the sessions within the gap of `time`. Those that end before `closed` are left alone:
  // they are final. Results are valid until the next call.
  void find(state::SessionRows& rows, Bytes key, Timestamp time, std::optional<Timestamp> closed);

  // By ascending end.
  [[nodiscard]] std::span<const Found> found() const noexcept { return found_; }
  [[nodiscard]] Bytes value(const Found& session) const {
    return memory_.bytes().without_first(session.at).first(session.size);
  }
  // From the earliest start to the latest end, the record included.
  [[nodiscard]] const Window& merged() const noexcept { return merged_; }

 private:
  std::chrono::milliseconds gap_;
  std::vector<Found> found_;
  ByteBuffer memory_;
  Window merged_;
};

}  // namespace moldau::inline v0::processor
