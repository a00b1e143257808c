#pragma once

#include "moldau/processor/node.h"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace moldau::inline v0::processor {

// An object of type T as its base. Not by std::make_unique<T>: that instantiates a std::unique_ptr
// for each T, and with a T for each operator of a program that is a third of its compile time.
template <class Base, class T, class Argument>
std::unique_ptr<Base> make_as(Argument&& argument) {
  return std::unique_ptr<Base>{new T(std::forward<Argument>(argument))};
}

// Makes nodes of type N from a definition: the user's callable, the serdes. Each node gets a copy.
template <class N>
class FactoryOf final : public NodeFactory {
 public:
  using Definition = typename N::Definition;
  static_assert(std::is_copy_constructible_v<Definition>,
                "callables must be copyable: each task works with its own copy");

  explicit FactoryOf(Definition&& definition) : definition_(std::move(definition)) {}

 private:
  std::unique_ptr<Node> make_node() const override { return make_as<Node, N>(definition_); }

  Definition definition_;
};

template <class N>
std::unique_ptr<NodeFactory> make_factory(typename N::Definition definition) {
  return make_as<NodeFactory, FactoryOf<N>>(std::move(definition));
}

// What is only known of a table's node when the whole topology is: whether it keeps its rows, and
// whether something below needs to know what a row was before.
struct TableSettings {
  std::string store = {};  // empty: the rows are not kept
  bool versioned = false;  // that store knows what the rows were
  bool send_old_values = false;
  // The node of the table that a derived one is computed from; empty: none.
  std::string parent = {};
  // Of a join: that of the right table, `parent` being the left one.
  std::string other_parent = {};
};

// Makes the factory of a table's node. Immutable.
class MOLDAU_EXPORT TableFactory {
 public:
  virtual ~TableFactory();
  [[nodiscard]] virtual std::unique_ptr<NodeFactory> settle(TableSettings settings) const = 0;
};

// REQUIRES: the definition of N has a member `TableSettings table`.
template <class N>
class TableFactoryOf final : public TableFactory {
 public:
  explicit TableFactoryOf(typename N::Definition&& definition)
      : definition_(std::move(definition)) {}

  std::unique_ptr<NodeFactory> settle(TableSettings settings) const override {
    typename N::Definition settled = definition_;
    settled.table = std::move(settings);
    return make_factory<N>(std::move(settled));
  }

 private:
  typename N::Definition definition_;
};

template <class N>
std::unique_ptr<TableFactory> make_table_factory(typename N::Definition definition) {
  return make_as<TableFactory, TableFactoryOf<N>>(std::move(definition));
}

}  // namespace moldau::inline v0::processor
