#pragma once

#include "moldau/base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <initializer_list>
#include <string>

namespace moldau::test {

// Expects a call to be refused as a mistake in the topology, with a message that names all of
// these.
inline void expect_refused(const std::function<void()>& call,
                           std::initializer_list<std::string> names) {
  try {
    call();
  } catch (const TopologyError& error) {
    for (const std::string& name : names) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(name));
    }
    return;
  }
  ADD_FAILURE() << "nothing was refused";
}

}  // namespace moldau::test
