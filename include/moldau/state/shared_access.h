#pragma once

#include "moldau/export.h"

#include <mutex>

namespace moldau::inline v0::state {

class StateStore;

// What those who look past the top of a store, into a layer of it, must know: a global store is
// written on one thread and read on others, under a lock; any other store has one thread and no
// lock.
class MOLDAU_EXPORT SharedAccess {
 public:
  // Of a store that nobody shares.
  SharedAccess() = default;
  // The store outlives this.
  explicit SharedAccess(StateStore& store);

  // Held while a layer is looked into, never during a call of the store itself, which takes it.
  [[nodiscard]] std::unique_lock<std::mutex> lock() const {
    if (mutex_ == nullptr) return {};
    return std::unique_lock{*mutex_};
  }
  // True if a put will be refused.
  [[nodiscard]] bool read_only() const noexcept { return read_only_; }

 private:
  std::mutex* mutex_ = nullptr;  // null: nobody else
  bool read_only_ = false;
};

}  // namespace moldau::inline v0::state
