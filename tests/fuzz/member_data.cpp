// What the members of a classic group tell each other.

#include "membership/classic/member_data.h"

#include "fuzz/target.h"

#include <string>

namespace moldau::fuzz {

using namespace membership::classic;

namespace {

// A task is a node of a set.
constexpr MemoryBound bound{.per_byte = 64};

template <class Decode>
void read_and_write(Bytes bytes, Decode decode) {
  auto data = decode(bytes);
  static_cast<void>(understood<Nothing>(
      bytes, [&] { data = decode(bytes); }, bound));
  if (!data.ok()) return;
  const std::string written = encode(*data);
  const auto again = decode(Bytes{written});
  require(again.ok() && *again == *data, "what a member says is read as it was written");
}

}  // namespace

void run(Bytes input) {
  Choices choices{input};
  const bool subscription = choices.one_of(2) == 0;
  const Bytes bytes = choices.rest();
  if (subscription) return read_and_write(bytes, decode_subscription);
  read_and_write(bytes, decode_assignment);
}

}  // namespace moldau::fuzz
