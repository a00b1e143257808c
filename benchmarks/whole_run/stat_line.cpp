#include "whole_run/stat_line.h"

#include <array>
#include <cstdio>

namespace benchmarks {

namespace {

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void print_stat_line(std::int64_t records, std::chrono::steady_clock::duration taken,
                     const std::string& note) {
  std::printf("STAT records=%lld seconds=%.3f note=%s\n", static_cast<long long>(records),
              seconds(taken), note.c_str());
  std::fflush(stdout);
}

std::string seconds_text(std::chrono::steady_clock::duration duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", seconds(duration));
  return text.data();
}

}  // namespace benchmarks
