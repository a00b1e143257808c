#include "state/store_time.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "state/overlay_store.h"
#include "state/row_key.h"

#include <string>
#include <string_view>

namespace moldau::inline v0::state {

namespace {

constexpr std::string_view time_row{
    "\xc0"
    "time",
    5};
constexpr std::size_t encoded_size = 8 + 4;
constexpr std::int32_t sequence_mask = 0x7fffffff;

}  // namespace

void StoreTime::load(OverlayStore& rows) {
  now_ = {};
  ByteBuffer encoded;
  if (rows.get(row_key(), encoded)) {
    if (encoded.size() != encoded_size) {
      throw StateStoreError("store \"" + std::string{rows.name()} +
                            "\": its saved time cannot be read; delete its folder to rebuild it "
                            "from the changelog");
    }
    now_.time = load_time(encoded, 0);
    now_.sequence = load_big_endian<std::int32_t>(encoded.data() + time_size);
  }
  saved_ = now_;
}

void StoreTime::save(OverlayStore& rows) {
  if (now_ == saved_) return;
  ByteBuffer encoded;
  encode(encoded);
  rows.put(row_key(), encoded.bytes(), {});
  saved();
}

Bytes StoreTime::row_key() noexcept { return Bytes{time_row}; }

void StoreTime::encode(ByteBuffer& row) const {
  append_time(row, now_.time);
  append_big_endian(row, now_.sequence);
}

std::int32_t StoreTime::next_sequence() noexcept {
  now_.sequence = static_cast<std::int32_t>((static_cast<std::uint32_t>(now_.sequence) + 1U) &
                                            static_cast<std::uint32_t>(sequence_mask));
  return now_.sequence;
}

}  // namespace moldau::inline v0::state
