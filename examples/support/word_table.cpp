#include "support/word_table.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

namespace examples {

namespace {

constexpr std::size_t rows = 20;
constexpr std::chrono::milliseconds redraw_interval{100};

using Row = std::pair<std::string, std::int64_t>;

void print(const std::string& word, std::int64_t count) {
  std::printf("%s\t%lld\n", word.c_str(), static_cast<long long>(count));
}

std::vector<Row> most_frequent(const std::map<std::string, std::int64_t>& counts) {
  std::vector<Row> all{counts.begin(), counts.end()};
  std::ranges::stable_sort(all, std::ranges::greater{}, &Row::second);
  all.resize(std::min(all.size(), rows));
  return all;
}

}  // namespace

WordTable::WordTable() : terminal_(::isatty(STDOUT_FILENO) == 1) {}

void WordTable::show_updates() {
  if (!terminal_) {
    print_updates_ = true;
    return;
  }
  drawing_ = std::jthread{[this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(redraw_interval);
      show();
    }
  }};
}

void WordTable::update(const std::string& word, std::int64_t count) {
  const std::lock_guard lock{mutex_};
  if (updates_++ == 0) first_update_ = std::chrono::steady_clock::now();
  std::int64_t& shown = counts_[word];
  total_ += count - shown;
  shown = count;
  if (!print_updates_) return;
  print(word, count);
  std::fflush(stdout);
}

std::int64_t WordTable::total() const {
  const std::lock_guard lock{mutex_};
  return total_;
}

void WordTable::show() {
  if (!terminal_) return;
  const std::lock_guard lock{mutex_};
  draw(counts_);
}

void WordTable::show_final(const std::map<std::string, std::int64_t>& counts) {
  const std::lock_guard lock{mutex_};
  if (terminal_) return draw(counts);
  for (const auto& [word, count] : counts) print(word, count);
}

void WordTable::draw(const std::map<std::string, std::int64_t>& counts) {
  if (drawn_lines_ > 0) std::printf("\033[%dA", drawn_lines_);  // back up to the first line
  const auto running = std::chrono::steady_clock::now() - first_update_;
  const double seconds = std::chrono::duration<double>(running).count();
  const double rate = updates_ > 0 && seconds > 0 ? static_cast<double>(updates_) / seconds : 0;
  std::printf("\033[K%zu words, %lld counted, %.0f records/s\n", counts.size(),
              static_cast<long long>(total_), rate);
  drawn_lines_ = 1;
  for (const Row& row : most_frequent(counts)) {
    std::printf("\033[K%10lld  %s\n", static_cast<long long>(row.second), row.first.c_str());
    ++drawn_lines_;
  }
  std::fflush(stdout);
}

}  // namespace examples
