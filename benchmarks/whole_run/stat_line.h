#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace benchmarks {

// Prints the line that the probe reads: `STAT records=N seconds=S note=...`, seconds from the first
// record on.
void print_stat_line(std::int64_t records, std::chrono::steady_clock::duration taken,
                     const std::string& note);

// As "1.23".
[[nodiscard]] std::string seconds_text(std::chrono::steady_clock::duration duration);

}  // namespace benchmarks
