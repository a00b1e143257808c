#include "runtime/fault.h"

#if defined(MOLDAU_FAULTS)

namespace moldau::inline v0::runtime {

std::function<void(std::string_view point)>& fault_hook() {
  static std::function<void(std::string_view)> hook;
  return hook;
}

std::string& chosen_mutation() {
  static std::string mutation;
  return mutation;
}

}  // namespace moldau::inline v0::runtime

#endif
