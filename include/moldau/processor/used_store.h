#pragma once

#include "moldau/state/store_serdes.h"
#include "moldau/state/store_spec.h"

#include <concepts>
#include <optional>
#include <string>
#include <utility>

namespace moldau::inline v0 {

// What describes a store: the functions of state/, such as persistent_key_value_store<K, V>(name),
// return one.
template <class B>
concept StoreDescription = requires(const B& builder) {
  { builder.spec() } -> std::convertible_to<state::StoreSpec>;
  { builder.serdes() } -> std::convertible_to<state::StoreSerdesPtr>;
};

// A store that a processor uses: described, and then made unless the program has it already, or
// named, and then it must be in the program. Written as either: `{.stores = {"counts"}}`.
class UsedStore {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): an option is written as its value.
  UsedStore(std::string name) : name_(std::move(name)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): an option is written as its value.
  UsedStore(const char* name) : name_(name) {}
  // NOLINTNEXTLINE(google-explicit-constructor): an option is written as its value.
  template <StoreDescription B>
  UsedStore(const B& builder) : spec_(builder.spec()), serdes_(builder.serdes()) {
    name_ = spec_->name;
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  // nullopt if it is only named.
  [[nodiscard]] const std::optional<state::StoreSpec>& spec() const noexcept { return spec_; }
  [[nodiscard]] const state::StoreSerdesPtr& serdes() const noexcept { return serdes_; }

 private:
  std::string name_;
  std::optional<state::StoreSpec> spec_;
  state::StoreSerdesPtr serdes_;  // shared with the builder and all tasks
};

}  // namespace moldau::inline v0
