#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"

namespace moldau::inline v0::processor {

// filter() and filter_not() of a stream.
template <class K, class V, class F>
class FilterNode final : public ProcessorNode<K, V> {
 public:
  struct Definition {
    F predicate;
    bool wanted = true;  // hands on the records for which the predicate says this
  };

  explicit FilterNode(const Definition& definition)
      : predicate_(definition.predicate), wanted_(definition.wanted) {}

  void process(const Record<K, V>& record) override {
    if (static_cast<bool>(call(predicate_, record)) == wanted_) this->forward(record);
  }

 private:
  F predicate_;
  bool wanted_;
};

}  // namespace moldau::inline v0::processor
