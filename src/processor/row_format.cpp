#include "moldau/processor/row_format.h"

namespace moldau::inline v0::processor {

void RowFormat::read_headers(Bytes row, Headers& headers) const {
  headers.clear();
  if (!keeps_headers()) return;
  const state::ValueLayout layout =
      time_size_ != 0 ? state::ValueLayout::headers : state::ValueLayout::headers_untimed;
  state::decode_headers(state::split_stored(layout, row, Timestamp::unknown()).headers, headers);
}

}  // namespace moldau::inline v0::processor
