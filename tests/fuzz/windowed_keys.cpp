// Windowed keys of topics and changelogs.

#include "moldau/base/error.h"
#include "moldau/serde/windowed.h"

#include "fuzz/target.h"

#include <array>
#include <limits>
#include <optional>

namespace moldau::fuzz {

void run(Bytes input) {
  using detail::WindowFormat;
  using Kind = WindowFormat::Kind;
  constexpr std::array kinds{Kind::time, Kind::session, Kind::changelog};
  constexpr std::array<std::int64_t, 3> lengths{5000, 1, std::numeric_limits<std::int64_t>::max()};

  Choices choices{input};
  const Kind kind = kinds[choices.one_of(kinds.size())];
  const WindowFormat format{kind, std::chrono::milliseconds{lengths[choices.one_of(3)]}};
  const Bytes bytes = choices.rest();

  std::optional<WindowFormat::Parts> parts;
  if (!understood<SerdeError>(bytes, [&] { parts = format.split(bytes); })) return;
  require(kind == Kind::session || parts->window.end >= parts->window.start,
          "a window does not end before it starts");

  ByteBuffer again{parts->key};
  format.append(parts->window, again);
  // Which of several rows of one window it was is not told.
  const std::size_t kept = bytes.size() - (kind == Kind::changelog ? 4 : 0);
  require(again.size() == bytes.size() && again.bytes().first(kept) == bytes.first(kept),
          "a windowed key is written as it was read");
}

}  // namespace moldau::fuzz
