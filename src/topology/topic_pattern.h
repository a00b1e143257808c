#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace moldau::inline v0::topology {

// Says which topics a source by pattern reads: those whose whole name matches.
class TopicPatternMatcher {
 public:
  // Throws TopologyError naming the source if the expression cannot be read.
  TopicPatternMatcher(std::string_view source, const std::string& expression);
  ~TopicPatternMatcher();
  TopicPatternMatcher(const TopicPatternMatcher&) = delete;
  TopicPatternMatcher& operator=(const TopicPatternMatcher&) = delete;

  [[nodiscard]] bool matches(std::string_view topic) const;

 private:
  struct Compiled;
  std::unique_ptr<const Compiled> compiled_;
};

}  // namespace moldau::inline v0::topology
