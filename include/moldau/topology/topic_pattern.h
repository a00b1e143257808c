#pragma once

#include <string>

namespace moldau::inline v0 {

// All topics whose whole name matches a regular expression (ECMAScript's: what it shares with
// Java's, which is everything but possessive quantifiers and look-behind, means the same).
//
// The topics are looked up once, when the application starts: one that is created later is read
// after the next start of all instances. At least one must exist. Do not read what the application
// itself writes.
struct TopicPattern {
  std::string expression;

  friend bool operator==(const TopicPattern&, const TopicPattern&) = default;
};

}  // namespace moldau::inline v0
