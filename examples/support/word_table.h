#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace examples {

// Words and their counts, shown while they grow: as a table that stays in place on a terminal, as
// plain lines otherwise. Any thread.
class WordTable {
 public:
  WordTable();

  // From here on shows updates by itself: one line for each, at once; or, on a terminal, by drawing
  // the table now and then. Before the first update.
  void show_updates();

  void update(const std::string& word, std::int64_t count);

  // Sum of all counts.
  [[nodiscard]] std::int64_t total() const;

  // Draws the table again. Nothing if standard output is not a terminal.
  void show();
  // The end: every word with its count, one a line, in alphabetical order; on a terminal the table.
  void show_final(const std::map<std::string, std::int64_t>& counts);

 private:
  void draw(const std::map<std::string, std::int64_t>& counts);

  const bool terminal_;
  bool print_updates_ = false;  // set before the first update
  mutable std::mutex mutex_;    // guards what follows
  std::map<std::string, std::int64_t> counts_;
  std::int64_t total_ = 0;
  std::int64_t updates_ = 0;
  std::chrono::steady_clock::time_point first_update_;
  int drawn_lines_ = 0;

  std::jthread drawing_;  // last: it uses all of the above
};

}  // namespace examples
