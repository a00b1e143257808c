#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/record/windowed.h"

#include <cstdint>
#include <string>
#include <string_view>

// How the book writes keys, values and times.
namespace moldau::test {

// Seconds: "3", "20.001".
[[nodiscard]] Timestamp read_time(std::string_view text);
[[nodiscard]] std::string shown(Timestamp time);

template <class T>
struct Notation;

template <>
struct Notation<std::string> {
  static std::string read(std::string_view text) { return std::string{text}; }
  static std::string show(const std::string& text) { return text; }
};

template <>
struct Notation<std::int64_t> {
  static std::int64_t read(std::string_view text) { return std::stoll(std::string{text}); }
  static std::string show(std::int64_t number) { return std::to_string(number); }
};

// "ann[0..10]", whether the end belongs to the window or not.
template <class K>
struct Notation<Windowed<K>> {
  static std::string show(const Windowed<K>& key) {
    return Notation<K>::show(key.key) + "[" + shown(key.window.start) + ".." +
           shown(key.window.end) + "]";
  }
};

}  // namespace moldau::test
