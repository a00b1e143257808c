#include "moldau/serde/windowed.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include <cstddef>
#include <string>

namespace moldau::inline v0::detail {

namespace {

constexpr std::size_t time_size = sizeof(std::int64_t);
constexpr std::size_t sequence_size = sizeof(std::int32_t);

void append_time(ByteBuffer& out, Timestamp time) { append_big_endian(out, time.milliseconds()); }

Timestamp time_at(Bytes bytes) { return Timestamp{load_big_endian<std::int64_t>(bytes.data())}; }

}  // namespace

std::size_t WindowFormat::size() const noexcept {
  switch (kind_) {
    case Kind::session:
      return 2 * time_size;
    case Kind::changelog:
      return time_size + sequence_size;
    case Kind::time:
      break;
  }
  return time_size;
}

void WindowFormat::append(const Window& window, ByteBuffer& out) const {
  if (kind_ == Kind::session) append_time(out, window.end);
  append_time(out, window.start);
  // Sequence numbers tell apart what was put at one time; aggregations put one row only.
  if (kind_ == Kind::changelog) append_big_endian(out, std::int32_t{0});
}

WindowFormat::Parts WindowFormat::split(Bytes bytes) const {
  if (bytes.size() < size()) {
    throw SerdeError("windowed key: expected a key and " + std::to_string(size()) +
                     " bytes of window behind it, found " + std::to_string(bytes.size()) +
                     " bytes in all");
  }
  const Bytes tail = bytes.last(size());
  Parts parts{.key = key_of(bytes), .window = {}};
  if (kind_ == Kind::session) {
    parts.window = {.start = time_at(tail.without_first(time_size)), .end = time_at(tail)};
  } else {
    const Timestamp start = time_at(tail);
    parts.window = {.start = start, .end = saturating_add(start, length_)};
  }
  return parts;
}

void throw_null_windowed_key() {
  throw SerdeError("windowed key: the key within the window is null, which windows never have");
}

}  // namespace moldau::inline v0::detail
