#include "support/rows.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace examples {

namespace {

constexpr std::int64_t day = 1'772'409'600'000;  // 2026-03-02T00:00:00Z

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> columns{1};
  for (const char c : line) {
    if (c == separator) {
      columns.emplace_back();
    } else {
      columns.back() += c;
    }
  }
  return columns;
}

std::int64_t number(std::string_view text, std::string_view whole) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::runtime_error("\"" + std::string{whole} + "\" is not what belongs here");
  }
  return value;
}

}  // namespace

std::vector<std::vector<std::string>> read_rows(const std::string& path, std::size_t columns) {
  std::ifstream file{path};
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<std::vector<std::string>> rows;
  std::size_t number_of_line = 0;
  for (std::string line; std::getline(file, line);) {
    ++number_of_line;
    if (line.empty() || line.front() == '#') continue;
    rows.push_back(split(line, ','));
    if (rows.back().size() != columns) {
      throw std::runtime_error(path + ":" + std::to_string(number_of_line) + ": expected " +
                               std::to_string(columns) + " columns: " + line);
    }
  }
  if (file.bad()) throw std::runtime_error("cannot read " + path);
  return rows;
}

moldau::Timestamp time_of_day(std::string_view text) {
  const std::vector<std::string> parts = split(std::string{text}, ':');
  if (parts.size() < 2 || parts.size() > 3) {
    throw std::runtime_error("\"" + std::string{text} + "\" is not a time like 09:05 or 09:05:30");
  }
  std::int64_t seconds = number(parts[0], text) * 3600 + number(parts[1], text) * 60;
  if (parts.size() == 3) seconds += number(parts[2], text);
  return moldau::Timestamp{day + seconds * 1000};
}

std::string clock_text(moldau::Timestamp time) {
  const std::int64_t seconds = (time.milliseconds() - day) / 1000;
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return text;
}

std::int64_t cents(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return number(text, text) * 100;
  const std::string_view fraction = text.substr(point + 1);
  if (fraction.size() != 2) {
    throw std::runtime_error("\"" + std::string{text} + "\" is not an amount like 12.50");
  }
  return number(text.substr(0, point), text) * 100 + number(fraction, text);
}

std::string money_text(std::int64_t cents) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%02lld", static_cast<long long>(cents / 100),
                static_cast<long long>(cents % 100));
  return text;
}

}  // namespace examples
