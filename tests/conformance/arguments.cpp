#include "conformance/arguments.h"

#include <absl/strings/str_split.h>

#include <algorithm>
#include <stdexcept>

namespace moldau::conformance {

namespace {

// The position of `value` among `allowed`.
std::size_t one_of(const std::string& option, const std::string& value,
                   const std::vector<std::string>& allowed) {
  const auto found = std::ranges::find(allowed, value);
  if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
  std::string names;
  for (const std::string& name : allowed) names += (names.empty() ? "" : ", ") + name;
  throw std::invalid_argument(option + " is one of " + names + ", not \"" + value + '"');
}

std::regex expression(const std::string& option, const std::string& value) {
  try {
    return std::regex{value};
  } catch (const std::regex_error& e) {
    throw std::invalid_argument(option + " \"" + value +
                                "\" is no regular expression: " + e.what());
  }
}

}  // namespace

Arguments parse_arguments(const std::vector<std::string>& given) {
  Arguments arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& name = given[i];
    const auto value = [&]() -> const std::string& {
      if (++i == given.size()) throw std::invalid_argument(name + " takes a value");
      return given[i];
    };
    if (name == "--list") {
      arguments.list = true;
    } else if (name == "--only") {
      arguments.only = expression(name, value());
    } else if (name == "--tier") {
      arguments.tiers = absl::StrSplit(value(), ',');
      for (const std::string& tier : arguments.tiers)
        one_of(name, tier, {"core", "extended", "optional"});
    } else if (name == "--order") {
      arguments.strict_order = one_of(name, value(), {"strict", "per_topic"}) == 0;
    } else if (name == "--semantics") {
      arguments.semantics = one_of(name, value(), {"kafka-streams-4.3", "complete"}) == 0
                                ? Semantics::kafka_streams_4_3
                                : Semantics::complete;
    } else if (name == "--memory") {
      arguments.memory = true;
    } else if (!name.starts_with("-") && arguments.folder.empty()) {
      arguments.folder = name;
    } else {
      throw std::invalid_argument("unknown argument " + name);
    }
  }
  if (arguments.folder.empty() && !arguments.list)
    throw std::invalid_argument("a folder of case files is expected");
  return arguments;
}

}  // namespace moldau::conformance
