// describe() of topologies, without a run of them.

#include "conformance/topologies.h"
#include "golden/golden.h"

#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <string>

namespace moldau::conformance {
namespace {

const std::regex computed_topic{R"(\(extractor class: [^)]*\))"};

TEST(Descriptions, AreThoseOfTheReference) {
  const auto recorded =
      read_golden("conformance_descriptions.json").get<std::map<std::string, std::string>>();

  ASSERT_EQ(recorded.size(), 40U);
  for (const auto& [name, description] : recorded) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(topologies().contains(name)) << "no program here builds it";
    // A computed topic is a function, which the reference calls by a class: that has been masked.
    EXPECT_EQ(std::regex_replace(topologies().at(name)().describe().to_string(), computed_topic,
                                 "(extractor class: *)"),
              description);
  }
}

}  // namespace
}  // namespace moldau::conformance
