#pragma once

#include "moldau/processor/node.h"

namespace moldau::inline v0::processor {

// merge(), and the head of a branch: hands every record on.
template <class K, class V>
class PassThroughNode final : public ProcessorNode<K, V> {
 public:
  struct Definition {};

  explicit PassThroughNode(const Definition& /*definition*/) {}

  void process(const Record<K, V>& record) override { this->forward(record); }
};

}  // namespace moldau::inline v0::processor
