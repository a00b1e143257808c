#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace benchmarks {

// The command line of a program: `--name value` pairs, then, behind `--`, a command to run.
class Arguments {
 public:
  // Throws std::invalid_argument for anything but pairs whose names are among `known`.
  Arguments(int argc, char** argv, const std::vector<std::string_view>& known);

  // Throws std::invalid_argument if it was not given.
  [[nodiscard]] const std::string& text(std::string_view name) const;
  [[nodiscard]] std::string text_or(std::string_view name, std::string_view fallback) const;
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  [[nodiscard]] std::int64_t number_or(std::string_view name, std::int64_t fallback) const;

  // What stands behind `--`. Refers to main()'s argv.
  [[nodiscard]] const std::vector<char*>& command() const noexcept { return command_; }

 private:
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<char*> command_;
};

}  // namespace benchmarks
