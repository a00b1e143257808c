// Serdes of lists, texts and UUIDs.

#include "moldau/base/error.h"
#include "moldau/serde/builtin.h"

#include "fuzz/target.h"

namespace moldau::fuzz {

namespace {

template <class T>
void read_and_write(Bytes bytes) {
  T value;
  // A text that may be absent takes 40 bytes, and 4 in its list.
  const MemoryBound bound{.per_byte = 10};
  if (!understood<SerdeError>(
          bytes, [&] { Serde<T>::deserialize(bytes, value); }, bound))
    return;
  ByteBuffer written;
  Serde<T>::serialize(value, written);
  T again;
  Serde<T>::deserialize(written, again);
  require(again == value, "a value is read as it was written");
}

}  // namespace

void run(Bytes input) {
  Choices choices{input};
  const std::size_t choice = choices.one_of(9);
  const Bytes bytes = choices.rest();
  switch (choice) {
    case 0:
      return read_and_write<std::string>(bytes);
    case 1:
      return read_and_write<Uuid>(bytes);
    case 2:
      return read_and_write<std::vector<std::string>>(bytes);
    case 3:
      return read_and_write<std::vector<std::optional<std::string>>>(bytes);
    case 4:
      return read_and_write<std::vector<std::int32_t>>(bytes);
    case 5:
      return read_and_write<std::vector<std::optional<std::int64_t>>>(bytes);
    case 6:
      return read_and_write<std::vector<Uuid>>(bytes);
    case 7:
      return read_and_write<std::vector<bool>>(bytes);
    default:
      return read_and_write<std::vector<std::vector<std::int16_t>>>(bytes);
  }
}

}  // namespace moldau::fuzz
