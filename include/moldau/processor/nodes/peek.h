#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"

namespace moldau::inline v0::processor {

// peek(), and for_each(): a peek with nothing below.
template <class K, class V, class F>
class PeekNode final : public ProcessorNode<K, V> {
 public:
  struct Definition {
    F action;
  };

  explicit PeekNode(const Definition& definition) : action_(definition.action) {}

  void process(const Record<K, V>& record) override {
    call(action_, record);
    this->forward(record);
  }

 private:
  F action_;
};

}  // namespace moldau::inline v0::processor
