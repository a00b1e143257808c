#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/error.h"

#include <concepts>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

namespace moldau::inline v0 {

// How values of T become bytes and bytes become values. Specialise it for your own types:
//
//   template <> struct moldau::Serde<Order> {
//     static void serialize(const Order& order, ByteBuffer& out);   // appends to `out`
//     static void deserialize(Bytes bytes, Order& order);           // overwrites `order`
//   };
//
// deserialize() throws SerdeError for bytes it cannot read, and may find any old value in `order`:
// the same object is filled again and again, so that strings and vectors keep their memory. Neither
// call ever sees a null; a null record value never reaches a serde, unless the type itself can
// stand for null (see NullableSerde).
template <class T>
struct Serde;

template <class T>
concept Serializable = requires(const T& value, T& into, ByteBuffer& out, Bytes bytes) {
  { Serde<T>::serialize(value, out) } -> std::same_as<void>;
  { Serde<T>::deserialize(bytes, into) } -> std::same_as<void>;
};

// A type one of whose values stands for Kafka's null, as std::nullopt does for std::optional:
//   static bool is_null(const T& value);   // true: written as null
//   static void set_null(T& value);        // called when a null is read
template <class T>
concept NullableSerde = Serializable<T> && requires(const T& value, T& into) {
  { Serde<T>::is_null(value) } -> std::same_as<bool>;
  { Serde<T>::set_null(into) } -> std::same_as<void>;
};

// A configured serde: one that needs more than its type to do its work (a schema, a registry).
// Called by every task of the application, so implementations are stateless or lock.
template <class T>
class SerdeInstance {
 public:
  virtual ~SerdeInstance() = default;
  virtual void serialize(const T& value, ByteBuffer& out) const = 0;
  virtual void deserialize(Bytes bytes, T& value) const = 0;

  // Of the bytes of a key, those that choose its partition. Not all of them if records that differ
  // only in the rest belong together, as the windows of one key do.
  [[nodiscard]] virtual Bytes partitioning_part(Bytes serialized) const { return serialized; }
};

// The serde an operator uses: Serde<T>, or an instance given as an option. Copies share the
// instance.
template <class T>
class AnySerde {
 public:
  AnySerde() = default;  // Serde<T>
  // NOLINTNEXTLINE(google-explicit-constructor): `{.value_serde = make_order_serde()}` is the
  // point.
  AnySerde(std::shared_ptr<const SerdeInstance<T>> instance) : instance_(std::move(instance)) {}

  // True if no instance was given, so Serde<T> does the work.
  [[nodiscard]] bool is_default() const noexcept { return instance_ == nullptr; }

  // True if neither Serde<T> nor an instance exists: an operator that needs bytes must refuse.
  [[nodiscard]] bool missing() const noexcept { return instance_ == nullptr && !Serializable<T>; }

  // Appends the value to `out`. False, and nothing appended, if the value stands for null.
  bool serialize(const T& value, ByteBuffer& out) const {
    if constexpr (NullableSerde<T>) {
      if (Serde<T>::is_null(value)) return false;
    }
    if (instance_ != nullptr) {
      instance_->serialize(value, out);
    } else if constexpr (Serializable<T>) {
      Serde<T>::serialize(value, out);
    } else {
      throw_missing();
    }
    return true;
  }

  void deserialize(Bytes bytes, T& value) const {
    if (instance_ != nullptr) {
      instance_->deserialize(bytes, value);
    } else if constexpr (Serializable<T>) {
      Serde<T>::deserialize(bytes, value);
    } else {
      throw_missing();
    }
  }

  // See SerdeInstance. REQUIRES: bytes that serialize() has written.
  [[nodiscard]] Bytes partitioning_part(Bytes serialized) const {
    return instance_ == nullptr ? serialized : instance_->partitioning_part(serialized);
  }

  // Reads bytes that may be null into `value`. False if they are null and T has no value for it.
  bool deserialize(const std::optional<Bytes>& bytes, T& value) const {
    if (bytes) {
      deserialize(*bytes, value);
      return true;
    }
    if constexpr (NullableSerde<T>) {
      Serde<T>::set_null(value);
      return true;
    } else {
      return false;
    }
  }

 private:
  [[noreturn]] static void throw_missing() {
    throw SerdeError(
        "no serde: specialise moldau::Serde for the type, or pass a serde instance to the "
        "operator");
  }

  std::shared_ptr<const SerdeInstance<T>> instance_;  // shared by the nodes of all tasks; immutable
};

}  // namespace moldau::inline v0
