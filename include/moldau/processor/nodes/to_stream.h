#pragma once

#include "moldau/processor/node.h"
#include "moldau/record/change.h"

namespace moldau::inline v0::processor {

// to_stream(): what a row is now. A deleted row is a null value.
template <class K, class V>
class ToStreamNode final : public ProcessorNode<K, Change<V>, K, V> {
 public:
  struct Definition {};

  explicit ToStreamNode(const Definition& /*definition*/) {}

  void process(const Record<K, Change<V>>& record) override {
    this->forward(record.with_value_or_null(record.value().now));
  }
};

}  // namespace moldau::inline v0::processor
