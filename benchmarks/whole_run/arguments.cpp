#include "whole_run/arguments.h"

#include <algorithm>
#include <stdexcept>

namespace benchmarks {

Arguments::Arguments(int argc, char** argv, const std::vector<std::string_view>& known) {
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--") {
      command_.assign(argv + i + 1, argv + argc);
      return;
    }
    if (name.starts_with("--")) name.remove_prefix(2);
    if (std::ranges::find(known, name) == known.end()) {
      throw std::invalid_argument("unknown argument " + std::string{argv[i]});
    }
    if (++i == argc) throw std::invalid_argument("--" + std::string{name} + " needs a value");
    values_.insert_or_assign(std::string{name}, argv[i]);
  }
}

const std::string& Arguments::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw std::invalid_argument("--" + std::string{name} + " is missing");
  return found->second;
}

std::string Arguments::text_or(std::string_view name, std::string_view fallback) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string{fallback} : found->second;
}

std::int64_t Arguments::number(std::string_view name) const { return std::stoll(text(name)); }

std::int64_t Arguments::number_or(std::string_view name, std::int64_t fallback) const {
  return values_.contains(name) ? number(name) : fallback;
}

}  // namespace benchmarks
