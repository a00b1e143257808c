// What a store on disk remembers of itself: its format, how far it has followed its changelog.

#include "state/rocksdb/store_metadata.h"

#include "fuzz/target.h"

namespace moldau::fuzz {

void run(Bytes input) {
  std::optional<std::uint32_t> format;
  std::optional<state::ChangelogPosition> position;
  static_cast<void>(understood<Nothing>(input, [&] {
    format = state::decode_format(input);
    position = state::decode_position(input);
  }));

  if (format)
    require(state::encode_format(*format).bytes() == input, "a format is written as it was read");
  if (!position) return;
  ByteBuffer written;
  state::encode_position(*position, written);
  require(written.bytes() == input, "a position is written as it was read");
}

}  // namespace moldau::fuzz
