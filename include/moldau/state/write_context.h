#pragma once

#include "moldau/export.h"
#include "moldau/record/record_metadata.h"

#include <cstdint>

namespace moldau::inline v0::state {

// Tells a store handle on whose behalf it writes: the record that its processor is processing.
class MOLDAU_EXPORT WriteContext {
 public:
  [[nodiscard]] virtual RecordContext current() const = 0;

  // Another number for each record and each punctuation: stores commit in between, and an iterator
  // does not outlive that.
  [[nodiscard]] std::uint64_t turn() const noexcept { return turn_; }

 protected:
  ~WriteContext();
  void begin_turn() noexcept { ++turn_; }

 private:
  std::uint64_t turn_ = 0;
};

}  // namespace moldau::inline v0::state
