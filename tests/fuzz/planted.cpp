// Mistakes, one for each first byte: that they end the program shows that mistakes are noticed.

#include "moldau/base/error.h"

#include "fuzz/target.h"

#include <climits>
#include <memory>
#include <string>

namespace moldau::fuzz {

namespace {

volatile int large = INT_MAX;

}  // namespace

void run(Bytes input) {
  Choices choices{input};
  switch (choices.number<std::uint8_t>()) {
    case 'r':
      require(false, "a rule");
      break;
    case 'e':
      static_cast<void>(understood<SerdeError>(input, [] { throw StateStoreError("another"); }));
      break;
    case 'm':
      static_cast<void>(understood<SerdeError>(input, [] {
        const auto memory = std::make_unique<std::string>(std::size_t{66} * 1024, 'x');
        large = static_cast<int>(memory->size());
      }));
      break;
    case 'b':
      large = static_cast<int>(*(input.data() + input.size() + 32));
      break;
    case 'o':
      large = large + 1;
      break;
    default:
      break;
  }
}

}  // namespace moldau::fuzz
