#pragma once

#include "moldau/streams/environment.h"

#include <memory>

namespace robustness {

// An environment whose producers only pretend to have transactions: what they send is there at
// once, whatever becomes of the transaction, and its offsets are committed on their own. An
// application that believes in exactly-once on it loses that property, which is what tests of
// exactly-once must notice. For applications with one stream thread. `below` must outlive it.
class UntransactedEnvironment {
 public:
  explicit UntransactedEnvironment(const moldau::Environment& below);
  ~UntransactedEnvironment();
  [[nodiscard]] moldau::Environment environment();

 private:
  struct Parts;
  moldau::Environment below_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace robustness
