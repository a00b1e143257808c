#include "conformance/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace moldau::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string refused(const std::vector<std::string>& given) {
  try {
    static_cast<void>(parse_arguments(given));
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

TEST(RunnerArguments, AFolderIsEnough) {
  const Arguments arguments = parse_arguments({"cases"});

  EXPECT_EQ(arguments.folder, "cases");
  EXPECT_THAT(arguments.tiers, ElementsAre("core", "extended", "optional"));
  EXPECT_TRUE(arguments.strict_order);
  EXPECT_EQ(arguments.semantics, Semantics::kafka_streams_4_3);
}

TEST(RunnerArguments, AListNeedsNoFolder) { EXPECT_TRUE(parse_arguments({"--list"}).list); }

TEST(RunnerArguments, OptionsMayStandBehindTheFolder) {
  const Arguments arguments = parse_arguments(
      {"cases", "--tier", "core,extended", "--order", "per_topic", "--semantics", "complete"});

  EXPECT_THAT(arguments.tiers, ElementsAre("core", "extended"));
  EXPECT_FALSE(arguments.strict_order);
  EXPECT_EQ(arguments.semantics, Semantics::complete);
}

TEST(RunnerArguments, WhatCannotBeUnderstoodIsNamed) {
  EXPECT_THAT(refused({}), HasSubstr("a folder of case files is expected"));
  EXPECT_THAT(refused({"cases", "--quick"}), HasSubstr("unknown argument --quick"));
  EXPECT_THAT(refused({"cases", "others"}), HasSubstr("unknown argument others"));
  EXPECT_THAT(refused({"cases", "--only"}), HasSubstr("--only takes a value"));
  EXPECT_THAT(refused({"cases", "--only", "("}),
              HasSubstr("--only \"(\" is no regular expression"));
  EXPECT_EQ(refused({"cases", "--tier", "core,more"}),
            "--tier is one of core, extended, optional, not \"more\"");
  EXPECT_EQ(refused({"cases", "--order", "loose"}),
            "--order is one of strict, per_topic, not \"loose\"");
  EXPECT_EQ(refused({"cases", "--semantics", "kafka"}),
            "--semantics is one of kafka-streams-4.3, complete, not \"kafka\"");
}

}  // namespace
}  // namespace moldau::conformance
