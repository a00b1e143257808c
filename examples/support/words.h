#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace examples {

// The words of a line: runs of ASCII letters and digits, in lower case. What
// `tr -cs '[:alnum:]' '\n' | tr '[:upper:]' '[:lower:]'` makes of it.
inline std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char c : line) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += c;
    } else if (c >= 'A' && c <= 'Z') {
      word += static_cast<char>(c - 'A' + 'a');
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

inline std::vector<std::string> read_lines(const std::string& path) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  if (file.bad()) throw std::runtime_error("cannot read " + path);  // a folder, for one
  return lines;
}

inline std::int64_t count_words(const std::vector<std::string>& lines) {
  std::int64_t count = 0;
  for (const std::string& line : lines)
    count += static_cast<std::int64_t>(split_words(line).size());
  return count;
}

}  // namespace examples
