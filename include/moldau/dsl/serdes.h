#pragma once

#include "moldau/dsl/handles.h"
#include "moldau/processor/repartition.h"
#include "moldau/serde/serde.h"

#include <concepts>
#include <memory>
#include <utility>

// What the typed front has in common: how operators come to their serdes (the option, else that of
// the stream above if the type is the same, else Serde<T>), and how types and callables are packed
// for the compiled part.
namespace moldau::inline v0::dsl {

// Bytes are read into a key and a value that exist already.
template <class K, class V>
concept Decodable = std::default_initializable<K> && std::default_initializable<V>;

template <class T>
const AnySerde<T>& serde_or(const AnySerde<T>& option, const AnySerde<T>& above) {
  return option.is_default() ? above : option;
}

template <class T, class Above>
AnySerde<T> same_serde(const AnySerde<Above>& above) {
  if constexpr (std::same_as<T, Above>) {
    return above;
  } else {
    return {};
  }
}

template <class K, class V>
std::shared_ptr<const processor::RepartitionParts> repartition_parts(
    const AnySerde<K>& key_serde, const AnySerde<V>& value_serde,
    Partitioner<K, V> partitioner = nullptr) {
  return std::make_shared<processor::RepartitionPartsOf<K, V>>(key_serde, value_serde,
                                                               std::move(partitioner));
}

// REQUIRES: the definition of N has the serdes of the table's rows.
template <class N>
TableParts table_parts(typename N::Definition definition) {
  processor::BoundaryTypes types =
      processor::BoundaryTypes::of(definition.key_serde, definition.value_serde);
  types.serdes = state::make_store_serdes(definition.key_serde, definition.value_serde);
  return {processor::make_table_factory<N>(std::move(definition)), types};
}

// Stands where a value would be returned if the static_assert before it had not failed: never
// called, so never defined.
[[noreturn]] void after_failed_assertion();

}  // namespace moldau::inline v0::dsl
