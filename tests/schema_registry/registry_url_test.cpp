#include "schema_registry/http/registry_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace moldau::schema_registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> problems_of(const std::string& url) {
  std::vector<std::string> problems;
  read_registry_url(url, problems);
  return problems;
}

TEST(RegistryUrl, MayHaveAPath) {
  std::vector<std::string> problems;

  EXPECT_EQ(read_registry_url("http://host:8081", problems), (RegistryUrl{"http://host:8081", ""}));
  EXPECT_EQ(read_registry_url("https://host/", problems), (RegistryUrl{"https://host", ""}));
  EXPECT_EQ(read_registry_url("https://host/api/registry/", problems),
            (RegistryUrl{"https://host", "/api/registry"}));
  EXPECT_THAT(problems, IsEmpty());
}

TEST(RegistryUrl, SaysWhatIsWrong) {
  EXPECT_THAT(problems_of("host:8081"), ElementsAre(HasSubstr("http://")));
  EXPECT_THAT(problems_of("ftp://host"), ElementsAre(HasSubstr("http://")));
  EXPECT_THAT(problems_of("http:///path"), ElementsAre(HasSubstr("no host")));
  EXPECT_THAT(problems_of("http://host?x=1"), ElementsAre(HasSubstr("query")));
}

TEST(RegistryUrl, DoesNotShowTheSecretInIt) {
  for (const char* url :
       {"https://me:secret@host", "https://me:sec/secret@host", "https://host/?key=secret"}) {
    EXPECT_THAT(problems_of(url), ElementsAre(Not(HasSubstr("secret")))) << url;
  }
  EXPECT_THAT(problems_of("https://me:secret@host"),
              ElementsAre(HasSubstr("SchemaRegistryOptions::user")));
}

TEST(RegistryUrl, SubjectsAreEncoded) {
  EXPECT_EQ(path_segment("orders-value_1.~"), "orders-value_1.~");
  EXPECT_EQ(path_segment("a/b c%+\xc3\xa9"), "a%2Fb%20c%25%2B%C3%A9");
}

}  // namespace
}  // namespace moldau::schema_registry
