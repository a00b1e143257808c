#pragma once

#include "moldau/export.h"
#include "moldau/state/state_store.h"

#include <string_view>

namespace moldau::inline v0::runtime {

// The global stores of an application, to be read. Any thread, from the moment they are loaded.
class MOLDAU_TESTING_EXPORT GlobalStores {
 public:
  // nullptr if there is none of that name.
  [[nodiscard]] virtual state::StateStore* find(std::string_view name) = 0;

 protected:
  ~GlobalStores();
};

}  // namespace moldau::inline v0::runtime
