#pragma once

#include "moldau/base/timestamp.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace examples {

// The lines of a text of comma separated values, without empty ones and those that start with '#'.
// Throws std::runtime_error naming file and line if one has another number of columns.
[[nodiscard]] std::vector<std::vector<std::string>> read_rows(const std::string& path,
                                                              std::size_t columns);

// "09:05" or "09:05:30" on the day all examples play on (2026-03-02, UTC), and back. Throws
// std::runtime_error naming the text.
[[nodiscard]] moldau::Timestamp time_of_day(std::string_view text);
[[nodiscard]] std::string clock_text(moldau::Timestamp time);

// An amount of money in cents: "12.50", and back.
[[nodiscard]] std::int64_t cents(std::string_view text);
[[nodiscard]] std::string money_text(std::int64_t cents);

}  // namespace examples
