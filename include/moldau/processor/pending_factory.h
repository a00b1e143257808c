#pragma once

#include "moldau/processor/node_factory.h"

#include <memory>
#include <utility>

namespace moldau::inline v0::processor {

// Makes the factory of a node that has to know names which are given to it only when its operator
// is added: stores, other nodes. Immutable.
template <class Settings>
class PendingFactory {
 public:
  virtual ~PendingFactory() = default;
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> settle(Settings settings) const = 0;
};

// REQUIRES: the definition of N has a member `Settings settings`.
template <class N, class Settings>
class PendingFactoryOf final : public PendingFactory<Settings> {
 public:
  explicit PendingFactoryOf(typename N::Definition&& definition)
      : definition_(std::move(definition)) {}

  std::unique_ptr<NodeFactory> settle(Settings settings) const override {
    typename N::Definition settled = definition_;
    settled.settings = std::move(settings);
    return make_factory<N>(std::move(settled));
  }

 private:
  typename N::Definition definition_;
};

template <class N>
auto make_pending_factory(typename N::Definition definition) {
  using Settings = decltype(definition.settings);
  return make_as<PendingFactory<Settings>, PendingFactoryOf<N, Settings>>(std::move(definition));
}

}  // namespace moldau::inline v0::processor
