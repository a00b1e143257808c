#pragma once

#include "moldau/processor/callables.h"
#include "moldau/processor/node.h"

namespace moldau::inline v0::processor {

// map_values().
template <class K, class V, class V2, class F>
class MapValuesNode final : public ProcessorNode<K, V, K, V2> {
 public:
  struct Definition {
    F mapper;
  };

  explicit MapValuesNode(const Definition& definition) : mapper_(definition.mapper) {}

  void process(const Record<K, V>& record) override {
    const auto& result = call(mapper_, record);
    this->forward(record.with_value_or_null(pointer_to(result)));
  }

 private:
  F mapper_;
};

// select_key(), group_by().
template <class K, class V, class K2, class F>
class SelectKeyNode final : public ProcessorNode<K, V, K2, V> {
 public:
  struct Definition {
    F selector;
  };

  explicit SelectKeyNode(const Definition& definition) : selector_(definition.selector) {}

  void process(const Record<K, V>& record) override {
    const auto& result = call(selector_, record);
    this->forward(Record<K2, V>{pointer_to(result), record.value_or_null(), record.timestamp(),
                                record.headers()});
  }

 private:
  F selector_;
};

// map().
template <class K, class V, class K2, class V2, class F>
class MapNode final : public ProcessorNode<K, V, K2, V2> {
 public:
  struct Definition {
    F mapper;
  };

  explicit MapNode(const Definition& definition) : mapper_(definition.mapper) {}

  void process(const Record<K, V>& record) override {
    const auto& result = call(mapper_, record);
    this->forward(Record<K2, V2>{pointer_to(key_of(result)), pointer_to(value_of(result)),
                                 record.timestamp(), record.headers()});
  }

 private:
  F mapper_;
};

}  // namespace moldau::inline v0::processor
