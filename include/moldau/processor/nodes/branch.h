#pragma once

#include "moldau/base/error.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::processor {

// The predicate of one branch. A splitter holds predicates of many types in one list, so each is an
// object of its own.
template <class K, class V>
class BranchPredicate {
 public:
  virtual ~BranchPredicate() = default;
  virtual bool test(const Record<K, V>& record) = 0;
  [[nodiscard]] virtual std::unique_ptr<BranchPredicate> copy() const = 0;
};

template <class K, class V, class F>
class BranchPredicateOf final : public BranchPredicate<K, V> {
 public:
  explicit BranchPredicateOf(F predicate) : predicate_(std::move(predicate)) {}

  bool test(const Record<K, V>& record) override {
    return static_cast<bool>(call(predicate_, record));
  }
  std::unique_ptr<BranchPredicate<K, V>> copy() const override {
    return std::make_unique<BranchPredicateOf>(*this);
  }

 private:
  F predicate_;
};

// split(): hands a record to the first branch whose predicate says yes, to the default branch if
// none does, and nowhere if there is none.
template <class K, class V>
class BranchNode final : public Node, public Receiver<K, V> {
 public:
  struct Branch {
    std::string child;  // the node at the head of the branch
    // Null for the default branch. Shared by the definitions of a splitter that grows; immutable.
    std::shared_ptr<const BranchPredicate<K, V>> predicate;
  };
  struct Definition {
    std::vector<Branch> branches;
  };

  explicit BranchNode(const Definition& definition) {
    branches_.reserve(definition.branches.size());
    for (const Branch& branch : definition.branches) {
      branches_.push_back(
          {branch.child, branch.predicate ? branch.predicate->copy() : nullptr, {}});
    }
  }

  InputPort input() override { return InputPort::of<K, V>(*this); }

  void connect(Node& child) override {
    const InputPort port = child.input();
    for (Output& branch : branches_) {
      if (branch.child != child.name()) continue;
      if (!branch.forward.accepts(port)) refuse_child(child, typeid(Record<K, V>), port.type);
      branch.forward.add(child);
      return;
    }
    throw TopologyError("\"" + name() + "\" splits a stream and has no branch \"" + child.name() +
                        "\"");
  }

  void process(const Record<K, V>& record) override {
    for (const Output& branch : branches_) {
      if (branch.predicate != nullptr && !branch.predicate->test(record)) continue;
      branch.forward(record);
      return;
    }
  }

 private:
  struct Output {
    std::string child;
    std::unique_ptr<BranchPredicate<K, V>> predicate;
    Edge<K, V> forward;
  };
  std::vector<Output> branches_;
};

}  // namespace moldau::inline v0::processor
