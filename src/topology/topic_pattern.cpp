#include "topology/topic_pattern.h"

#include "moldau/base/error.h"

#include <regex>

namespace moldau::inline v0::topology {

struct TopicPatternMatcher::Compiled {
  std::regex expression;
};

TopicPatternMatcher::TopicPatternMatcher(std::string_view source, const std::string& expression) {
  try {
    compiled_.reset(new Compiled{std::regex{expression}});
  } catch (const std::regex_error& error) {
    throw TopologyError("the pattern " + expression + " of \"" + std::string{source} +
                        "\" cannot be read as an ECMAScript regular expression: " + error.what());
  }
}

TopicPatternMatcher::~TopicPatternMatcher() = default;

bool TopicPatternMatcher::matches(std::string_view topic) const {
  return std::regex_match(topic.begin(), topic.end(), compiled_->expression);
}

}  // namespace moldau::inline v0::topology
