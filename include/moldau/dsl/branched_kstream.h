#pragma once

#include "moldau/base/error.h"
#include "moldau/dsl/handles.h"
#include "moldau/dsl/options.h"
#include "moldau/processor/callables.h"
#include "moldau/processor/nodes/branch.h"
#include "moldau/processor/nodes/pass_through.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace moldau::inline v0 {

// A stream that is being split: made by KStream::split(), given branches, and ended by
// default_branch() or no_default_branch(), which return the branches by name.
//
//   auto sizes = orders.split({.name = "size-"})
//                    .branch([](const Order& o) { return o.total > 1000; }, {.name = "big"})
//                    .default_branch({.name = "small"});
//   sizes.at("size-big").to("big-orders");
template <class K, class V>
class BranchedKStream {
 public:
  using Branches = std::map<std::string, KStream<K, V>>;

  BranchedKStream(BranchedKStream&&) noexcept = default;
  BranchedKStream& operator=(BranchedKStream&&) noexcept = default;

  // Adds a branch: it gets the records for which `predicate` returns true and no branch before it
  // did.
  template <class F>
  BranchedKStream& branch(F predicate, Branched<K, V> branched = {}) & {
    static_assert(RecordPredicate<F, K, V>,
                  "branch() takes bool(const V&) or bool(const K&, const V&)");
    if constexpr (RecordPredicate<F, K, V>) {
      add(std::make_shared<processor::BranchPredicateOf<K, V, F>>(std::move(predicate)), branched);
    }
    return *this;
  }
  template <class F>
  BranchedKStream branch(F predicate, Branched<K, V> branched = {}) && {
    branch(std::move(predicate), std::move(branched));
    return std::move(*this);
  }

  // Adds the branch for what no other takes. Nothing can be added afterwards.
  Branches default_branch(Branched<K, V> branched = {}) {
    add(nullptr, branched);
    return std::move(branches_);
  }

  // Leaves out what no branch takes; that is not counted as dropped. Nothing can be added
  // afterwards.
  Branches no_default_branch() {
    ended_ = true;
    return std::move(branches_);
  }

 private:
  template <class, class>
  friend class KStream;
  using Splitter = processor::BranchNode<K, V>;

  BranchedKStream(dsl::StreamHandle splitter, AnySerde<K> key_serde, AnySerde<V> value_serde)
      : splitter_(std::move(splitter)),
        key_serde_(std::move(key_serde)),
        value_serde_(std::move(value_serde)) {
    splitter_.replace_factory(processor::make_factory<Splitter>(definition_));
  }

  void add(std::shared_ptr<const processor::BranchPredicate<K, V>> predicate,
           const Branched<K, V>& branched) {
    if (ended_) {
      throw TopologyError("\"" + splitter_.name() +
                          "\": a branch is added after default_branch() or no_default_branch()");
    }
    ended_ = predicate == nullptr;
    const std::size_t number = ended_ ? 0 : definition_.branches.size() + 1;
    KStream<K, V> stream{
        splitter_.add_branch(branched.name, number,
                             processor::make_factory<processor::PassThroughNode<K, V>>({})),
        key_serde_, value_serde_};
    const std::string name = stream.handle_.name();
    definition_.branches.push_back({name, std::move(predicate)});
    splitter_.replace_factory(processor::make_factory<Splitter>(definition_));
    if (branched.function && branched.consumer) {
      throw TopologyError("branch \"" + name + "\" has a function and a consumer: give it one");
    }
    if (branched.consumer) {
      branched.consumer(std::move(stream));
    } else {
      branches_.insert_or_assign(
          name, branched.function ? branched.function(std::move(stream)) : std::move(stream));
    }
  }

  dsl::StreamHandle splitter_;
  AnySerde<K> key_serde_;
  AnySerde<V> value_serde_;
  typename Splitter::Definition definition_;
  Branches branches_;
  bool ended_ = false;
};

}  // namespace moldau::inline v0
