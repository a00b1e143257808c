// What stores keep for a key: value, time, headers.

#include "moldau/base/error.h"
#include "moldau/state/value_layout.h"

#include "fuzz/target.h"

#include <array>

namespace moldau::fuzz {

void run(Bytes input) {
  using state::ValueLayout;
  constexpr std::array layouts{ValueLayout::plain, ValueLayout::timestamped, ValueLayout::headers,
                               ValueLayout::headers_untimed};
  constexpr Timestamp otherwise{77};

  Choices choices{input};
  const ValueLayout layout = layouts[choices.one_of(layouts.size())];
  const Bytes stored = choices.rest();

  state::StoredValue parts;
  Headers headers;
  const auto read = [&](Bytes bytes) {
    parts = state::split_stored(layout, bytes, otherwise);
    if (!state::has_headers(layout)) return;
    state::decode_headers(parts.headers, headers);
    require(state::stored_headers_size(bytes) <= bytes.size(), "headers are a part of their row");
  };
  if (!understood<StateStoreError>(stored, [&] { read(stored); })) return;

  ByteBuffer written;
  state::append_stored(layout, parts.value, parts.timestamp, headers, written);
  require(written.size() == state::stored_size(layout, parts.value.size(), headers),
          "a row has the size that was announced");
  const state::StoredValue first = parts;
  const Headers first_headers = headers;
  read(written);
  require(
      parts.value == first.value && parts.timestamp == first.timestamp && headers == first_headers,
      "a row is read as it was written");
}

}  // namespace moldau::fuzz
