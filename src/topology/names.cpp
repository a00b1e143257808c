#include "topology/names.h"

#include "moldau/base/error.h"

#include <algorithm>

namespace moldau::inline v0::topology {

namespace {

constexpr std::size_t longest_name = 249;  // of a Kafka topic
constexpr std::size_t digits = 10;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '_' ||
         c == '-';
}

std::string padded(std::size_t number) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace

void check_name(std::string_view what, std::string_view name) {
  const auto refuse = [&](const std::string& why) {
    throw TopologyError(std::string{what} + " name \"" + std::string{name} +
                        "\" cannot be used: " + why);
  };
  if (name.empty()) refuse("it is empty");
  if (name == "." || name == "..") refuse("it means a folder");
  if (name.size() > longest_name) {
    refuse("it has " + std::to_string(name.size()) + " characters, at most " +
           std::to_string(longest_name) + " are allowed");
  }
  if (!std::ranges::all_of(name, is_name_character)) {
    refuse("only ASCII letters, digits, '.', '_' and '-' are allowed");
  }
}

std::string NameGenerator::next(std::string_view prefix) {
  return std::string{prefix} + padded(next_++);
}

std::string NameGenerator::next_or(std::string_view given, std::string_view prefix) {
  return next_or(given, {}, prefix);
}

std::string NameGenerator::next_or(std::string_view given, std::string_view suffix,
                                   std::string_view prefix) {
  std::string generated = next(prefix);
  if (given.empty()) return generated;
  std::string name = std::string{given} + std::string{suffix};
  check_name("node", name);
  return name;
}

std::string NameGenerator::next_store(std::string_view prefix) {
  return next(std::string{prefix} + "STATE-STORE-");
}

void use_up_repartition_names(NameGenerator& names) {
  for (const std::string_view prefix : {"KSTREAM-SINK-", "KSTREAM-FILTER-", "KSTREAM-SOURCE-"}) {
    static_cast<void>(names.next(prefix));
  }
}

bool is_generated_stream_name(std::string_view prefix) {
  if (!prefix.starts_with("KSTREAM") || prefix.size() < digits + 8) return false;
  const std::string_view tail = prefix.substr(prefix.size() - digits);
  return std::ranges::all_of(tail, is_digit) && prefix[prefix.size() - digits - 1] == '-';
}

}  // namespace moldau::inline v0::topology
