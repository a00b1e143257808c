#include "moldau/serde/uuid.h"

#include "moldau/base/error.h"
#include "moldau/serde/serde_failure.h"

namespace moldau::inline v0 {

namespace {

constexpr std::size_t text_size = 36;

constexpr bool is_dash_position(std::size_t index) {
  return index == 8 || index == 13 || index == 18 || index == 23;
}

// Writes text_size characters.
void write_text(const Uuid& uuid, char* to) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  const char* const begin = to;
  for (const std::uint8_t byte : uuid.bytes) {
    if (is_dash_position(static_cast<std::size_t>(to - begin))) *to++ = '-';
    *to++ = digits[byte >> 4U];
    *to++ = digits[byte & 0xFU];
  }
}

// The value of a hexadecimal digit; 16 for any other character.
unsigned digit_value(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10;
  if (digit >= 'A' && digit <= 'F') return static_cast<unsigned>(digit - 'A') + 10;
  return 16;
}

}  // namespace

std::string to_string(const Uuid& uuid) {
  std::string text(text_size, '-');
  write_text(uuid, text.data());
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != text_size) return std::nullopt;
  Uuid uuid;
  std::size_t at = 0;
  for (std::uint8_t& byte : uuid.bytes) {
    if (is_dash_position(at) && text[at++] != '-') return std::nullopt;
    const unsigned high = digit_value(text[at++]);
    const unsigned low = digit_value(text[at++]);
    if (high > 15 || low > 15) return std::nullopt;
    byte = static_cast<std::uint8_t>(high << 4U | low);
  }
  return uuid;
}

void Serde<Uuid>::serialize(const Uuid& value, ByteBuffer& out) {
  const std::size_t at = out.size();
  out.resize(at + text_size);
  write_text(value, reinterpret_cast<char*>(out.data() + at));
}

void Serde<Uuid>::deserialize(Bytes bytes, Uuid& value) {
  if (bytes.size() != text_size) detail::throw_wrong_size("Uuid", text_size, bytes.size());
  const std::optional<Uuid> uuid = parse_uuid(bytes.text());
  if (!uuid) {
    throw SerdeError(
        "Uuid: expected hexadecimal digits in groups of 8-4-4-4-12, found other characters");
  }
  value = *uuid;
}

}  // namespace moldau::inline v0
