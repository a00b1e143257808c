#pragma once

#include "moldau/processor/used_store.h"

#include <string>
#include <vector>

namespace moldau::inline v0 {

// How a processor is placed in a stream.
struct ProcessOptions {
  // Name of the operator. Default: generated.
  std::string name = {};
  // The stores it uses, besides global ones: described, and then made for it unless the program has
  // them already, or named. A store may be that of a table. Default: none. Operators that share a
  // store run in one task.
  std::vector<UsedStore> stores = {};
};

}  // namespace moldau::inline v0
