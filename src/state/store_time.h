#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"

#include <cstdint>

namespace moldau::inline v0::state {

class OverlayStore;

// What a store that lets entries go knows of itself: its own time, which is the highest one put,
// and the sequence number of its last duplicate. Saved among its rows, so that a store that is
// opened again goes on where it was.
class StoreTime {
 public:
  void load(OverlayStore& rows);
  // Writes what has changed since the last save.
  void save(OverlayStore& rows);
  // The row that save() writes, for a batch that carries it instead.
  [[nodiscard]] static Bytes row_key() noexcept;
  void encode(ByteBuffer& row) const;
  void saved() noexcept { saved_ = now_; }

  // -1 before the first put, as in the reference.
  [[nodiscard]] Timestamp time() const noexcept { return now_.time; }
  // As it was last saved: no committed row has a later time.
  [[nodiscard]] Timestamp saved_time() const noexcept { return saved_.time; }
  void advance_to(Timestamp time) noexcept {
    if (time > now_.time) now_.time = time;
  }

  [[nodiscard]] std::int32_t next_sequence() noexcept;
  void saw_sequence(std::int32_t sequence) noexcept { now_.sequence = sequence; }

 private:
  struct State {
    Timestamp time = Timestamp::unknown();
    std::int32_t sequence = 0;

    friend bool operator==(const State&, const State&) = default;
  };
  State now_;
  State saved_;
};

}  // namespace moldau::inline v0::state
