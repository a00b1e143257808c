// What is kept beside committed offsets.

#include "runtime/offset_metadata.h"

#include "fuzz/target.h"

namespace moldau::fuzz {

void run(Bytes input) {
  runtime::OffsetMetadata metadata;
  bool known = false;
  static_cast<void>(understood<Nothing>(
      input, [&] { metadata = runtime::decode_offset_metadata(input.text(), &known); }));
  if (!known) require(metadata == runtime::OffsetMetadata{}, "what is not known is nothing");

  const std::string written = runtime::encode(metadata);
  bool known_again = false;
  require(runtime::decode_offset_metadata(written, &known_again) == metadata && known_again,
          "metadata is read as it was written");
}

}  // namespace moldau::fuzz
