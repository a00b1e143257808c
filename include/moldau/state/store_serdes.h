#pragma once

#include "moldau/export.h"
#include "moldau/serde/serde.h"

#include <memory>
#include <typeindex>
#include <utility>

namespace moldau::inline v0::state {

// The types and serdes of a store's keys and values, kept beside its StoreSpec so that whoever
// opens the store by name reads it as it was described. Immutable; shared by all tasks.
class MOLDAU_EXPORT StoreSerdes {
 public:
  virtual ~StoreSerdes();
  [[nodiscard]] std::type_index key_type() const noexcept { return key_type_; }
  [[nodiscard]] std::type_index value_type() const noexcept { return value_type_; }

 protected:
  StoreSerdes(std::type_index key, std::type_index value) : key_type_(key), value_type_(value) {}

 private:
  std::type_index key_type_;
  std::type_index value_type_;
};

template <class K, class V>
class StoreSerdesOf final : public StoreSerdes {
 public:
  StoreSerdesOf(AnySerde<K> key_serde, AnySerde<V> value_serde)
      : StoreSerdes(typeid(K), typeid(V)),
        key(std::move(key_serde)),
        value(std::move(value_serde)) {}

  const AnySerde<K> key;
  const AnySerde<V> value;
};

using StoreSerdesPtr = std::shared_ptr<const StoreSerdes>;

template <class K, class V>
StoreSerdesPtr make_store_serdes(AnySerde<K> key_serde, AnySerde<V> value_serde) {
  return std::make_shared<StoreSerdesOf<K, V>>(std::move(key_serde), std::move(value_serde));
}

}  // namespace moldau::inline v0::state
