#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"

#include <cstddef>
#include <cstdint>

namespace moldau::inline v0::schema_registry {

// Reads bytes from the front, and throws SerdeError rather than pass their end. `what` names the
// bytes in messages.
class ByteReader {
 public:
  ByteReader(Bytes bytes, const char* what) noexcept : all_(bytes), rest_(bytes), what_(what) {}

  [[nodiscard]] Bytes rest() const noexcept { return rest_; }
  [[nodiscard]] std::size_t position() const noexcept { return all_.size() - rest_.size(); }
  [[nodiscard]] const char* what() const noexcept { return what_; }

  // The next `size` bytes.
  Bytes take(std::size_t size) {
    if (size > rest_.size()) throw_too_short(size);
    const Bytes taken = rest_.first(size);
    rest_ = rest_.without_first(size);
    return taken;
  }

  // A length, and that many bytes.
  Bytes take_prefixed() {
    const std::int64_t size = varint();
    if (size < 0 || static_cast<std::uint64_t>(size) > rest_.size()) throw_bad_length(size);
    return take(static_cast<std::size_t>(size));
  }

  // See write_varint().
  std::int64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) throw_too_short(1);
      const auto byte = std::to_integer<std::uint64_t>(rest_[0]);
      rest_ = rest_.without_first(1);
      // The tenth byte has room for one bit only.
      if (shift == 63 && byte > 1) break;
      value |= (byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) {
        return static_cast<std::int64_t>(value >> 1U ^ (~(value & 1U) + 1U));
      }
    }
    throw_long_number();
  }

  // A number of at most 32 bits.
  std::int32_t varint32() {
    const std::int64_t value = varint();
    if (value < INT32_MIN || value > INT32_MAX) throw_wide_number();
    return static_cast<std::int32_t>(value);
  }

 private:
  [[noreturn]] void throw_too_short(std::size_t wanted) const;
  [[noreturn]] void throw_bad_length(std::int64_t size) const;
  [[noreturn]] void throw_long_number() const;
  [[noreturn]] void throw_wide_number() const;

  Bytes all_;
  Bytes rest_;
  const char* what_;
};

}  // namespace moldau::inline v0::schema_registry
