#include "streams/properties_file.h"

#include "moldau/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace moldau::streams {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> pairs(std::string_view text) {
  std::vector<std::string> pairs;
  for (const Property& property : parse_properties(text)) {
    pairs.push_back(property.key + "|" + property.value);
  }
  return pairs;
}

TEST(PropertiesFile, EqualsColonAndBlankSeparateKeyAndValue) {
  EXPECT_THAT(pairs("a=1\nb: 2\nc 3\nd = x y \ne\n"),
              ElementsAre("a|1", "b|2", "c|3", "d|x y ", "e|"));
}

TEST(PropertiesFile, CommentsAndEmptyLinesAreSkipped) {
  EXPECT_THAT(pairs("# one\n  ! two\n\n \t\na=1\n"), ElementsAre("a|1"));
}

TEST(PropertiesFile, ABackslashContinuesALineAndLeadingBlanksOfTheNextAreDropped) {
  EXPECT_THAT(pairs("a=1,\\\n   2\nb=3\\\\\nc=4"), ElementsAre("a|1,2", "b|3\\", "c|4"));
}

TEST(PropertiesFile, EscapesAreResolvedInKeysAndValues) {
  EXPECT_THAT(pairs("a\\=b=c\\td\\u00e9\\:"), ElementsAre("a=b|c\td\xC3\xA9:"));
}

TEST(PropertiesFile, TheLastValueOfAKeyWins) {
  EXPECT_THAT(pairs("a=1\nb=2\na=3"), ElementsAre("b|2", "a|3"));
}

TEST(PropertiesFile, WindowsLineEndsAreAccepted) {
  EXPECT_THAT(pairs("a=1\r\nb=2\r\n"), ElementsAre("a|1", "b|2"));
}

TEST(PropertiesFile, AMalformedEscapeIsAnErrorThatNamesTheLine) {
  try {
    static_cast<void>(parse_properties("a=1\nb=\\u12x4"));
    FAIL() << "a malformed escape was accepted";
  } catch (const ConfigError& e) {
    EXPECT_NE(std::string{e.what()}.find("line 2"), std::string::npos) << e.what();
  }
}

TEST(PropertiesFile, AFileThatIsNotThereIsNamed) {
  EXPECT_THROW(static_cast<void>(read_properties("/nowhere/at.all")), ConfigError);
}

}  // namespace
}  // namespace moldau::streams
