#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace moldau::inline v0::serde {

// How many bytes at the front are whole, valid UTF-8 characters.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;

// Appends `text` with each malformed part replaced by U+FFFD. How much is one part follows Java's
// `new String(bytes, UTF_8)`: the longest beginning of a character that could still have become
// valid, or one byte; an encoded surrogate is one part of three bytes.
void append_repaired_utf8(std::string_view text, std::string& out);

}  // namespace moldau::inline v0::serde
