#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"

namespace moldau::inline v0::processor {

// flat_map_values(): one record for each element of the range, in its order.
template <class K, class V, class V2, class F>
class FlatMapValuesNode final : public ProcessorNode<K, V, K, V2> {
 public:
  struct Definition {
    F mapper;
  };

  explicit FlatMapValuesNode(const Definition& definition) : mapper_(definition.mapper) {}

  void process(const Record<K, V>& record) override {
    using Element = ElementOf<CallResult<F, K, V>>;
    for (const Element& element : call(mapper_, record)) {
      this->forward(record.with_value_or_null(pointer_to(element)));
    }
  }

 private:
  F mapper_;
};

// flat_map().
template <class K, class V, class K2, class V2, class F>
class FlatMapNode final : public ProcessorNode<K, V, K2, V2> {
 public:
  struct Definition {
    F mapper;
  };

  explicit FlatMapNode(const Definition& definition) : mapper_(definition.mapper) {}

  void process(const Record<K, V>& record) override {
    using Element = ElementOf<CallResult<F, K, V>>;
    for (const Element& element : call(mapper_, record)) {
      this->forward(Record<K2, V2>{pointer_to(key_of(element)), pointer_to(value_of(element)),
                                   record.timestamp(), record.headers()});
    }
  }

 private:
  F mapper_;
};

}  // namespace moldau::inline v0::processor
