#include "serde/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace moldau::inline v0::serde {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// One step through a text: a character, or a part that is none.
struct Step {
  std::size_t size = 1;
  bool valid = false;
};

unsigned byte_at(std::string_view text, std::size_t index) noexcept {
  return static_cast<unsigned char>(text[index]);
}

bool is_continuation(unsigned byte) noexcept { return (byte & 0xC0U) == 0x80U; }

// How many bytes a character has that begins with `lead`; 1 for bytes that begin none.
std::size_t length_of(unsigned lead) noexcept {
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 1;
}

// Whether `second` may follow `lead`: refuses overlong forms and numbers past U+10FFFF, but not
// surrogates, which Java takes for malformed only when it has seen all of one.
bool may_follow(unsigned lead, unsigned second) noexcept {
  if (!is_continuation(second)) return false;
  if (lead == 0xE0) return second >= 0xA0;
  if (lead == 0xF0) return second >= 0x90;
  if (lead == 0xF4) return second <= 0x8F;
  return true;
}

// REQUIRES: at < text.size().
Step step_at(std::string_view text, std::size_t at) noexcept {
  const unsigned lead = byte_at(text, at);
  if (lead < 0x80) return {1, true};
  const std::size_t length = length_of(lead);
  if (length == 1) return {1, false};

  const std::size_t available = std::min(length, text.size() - at);
  if (available < 2 || !may_follow(lead, byte_at(text, at + 1))) return {1, false};
  for (std::size_t i = 2; i < available; ++i) {
    if (!is_continuation(byte_at(text, at + i))) return {i, false};
  }
  const bool surrogate = lead == 0xED && byte_at(text, at + 1) >= 0xA0;
  return {available, available == length && !surrogate};
}

// How many bytes from `at` on are ASCII, as far as whole words say so.
std::size_t ascii_words(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  std::uint64_t word = 0;
  while (text.size() - end >= sizeof word) {
    std::memcpy(&word, text.data() + end, sizeof word);
    if ((word & 0x8080808080808080U) != 0) break;
    end += sizeof word;
  }
  return end - at;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    at += ascii_words(text, at);
    if (at == text.size()) break;
    const Step step = step_at(text, at);
    if (!step.valid) break;
    at += step.size;
  }
  return at;
}

void append_repaired_utf8(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const std::size_t valid = valid_utf8_prefix(text);
    out.append(text.substr(0, valid));
    text.remove_prefix(valid);
    if (text.empty()) return;
    out.append(replacement);
    text.remove_prefix(step_at(text, 0).size);
  }
}

}  // namespace moldau::inline v0::serde
