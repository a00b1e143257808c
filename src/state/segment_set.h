#pragma once

#include "moldau/base/bytes.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace moldau::inline v0::state {

class OverlayStore;

// Which segments of a store may hold rows: so that neither reads nor expiry go over empty ones. One
// that was emptied again stays until it expires. There are few at a time.
class SegmentSet {
 public:
  // Those of the rows before `end`, which begin with their segment's number.
  void load(OverlayStore& rows, Bytes end);

  void add(std::int64_t segment);
  // Deletes the rows of those before `oldest`, and with `indexed` the rows of the index too.
  void expire_before(std::int64_t oldest, OverlayStore& rows, bool indexed);

  [[nodiscard]] bool empty() const noexcept { return segments_.empty(); }
  // The one itself, or the next one in that direction; nullopt if there is none.
  [[nodiscard]] std::optional<std::int64_t> first_from(std::int64_t segment) const noexcept;
  [[nodiscard]] std::optional<std::int64_t> last_until(std::int64_t segment) const noexcept;
  // In ascending order.
  [[nodiscard]] const std::vector<std::int64_t>& all() const noexcept { return segments_; }

 private:
  std::vector<std::int64_t> segments_;
};

}  // namespace moldau::inline v0::state
