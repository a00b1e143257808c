#include "moldau/base/error.h"

#include "moldau/base/assert.h"
#include "moldau/base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace moldau {
namespace {

template <class E>
void expect_caught_as_error() {
  try {
    throw E("what is wrong");
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "what is wrong");
  }
}

TEST(Error, IsTheBaseOfAllThatIsThrown) {
  expect_caught_as_error<ConfigError>();
  expect_caught_as_error<TopologyError>();
  expect_caught_as_error<StateStoreError>();
  expect_caught_as_error<SerdeError>();
  expect_caught_as_error<NullAccess>();
  expect_caught_as_error<StreamsError>();
}

TEST(Assertion, ThrowsALogicErrorWithConditionAndPlace) {
  try {
    assertion_failed("a == b", "file.cpp", 12);
  } catch (const std::logic_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("a == b does not hold at file.cpp:12"));
  }
}

TEST(SystemRandom, DoesNotRepeatItself) {
  const auto random = make_system_random();

  EXPECT_NE(random->next(), random->next());
  EXPECT_NE(make_system_random()->next(), make_system_random()->next());
}

}  // namespace
}  // namespace moldau
