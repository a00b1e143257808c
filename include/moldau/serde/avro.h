#pragma once

#include "moldau/export.h"
#include "moldau/serde/avro/describe.h"
#include "moldau/serde/avro/fields.h"
#include "moldau/serde/avro/schema.h"
#include "moldau/serde/avro/type_description.h"
#include "moldau/serde/avro/value.h"
#include "moldau/serde/schema_registry.h"
#include "moldau/serde/serde.h"

#include <memory>
#include <optional>
#include <utility>

// Avro serdes with a schema registry. Opt-in: link moldau::schema_registry.

namespace moldau::inline v0 {

namespace avro {

// The schema of a C++ type: its fields in their order, each type defined where it is met first.
// SerdeError if there is none, because of a name, a default or a part of which the type is not
// known when the program is compiled.
[[nodiscard]] MOLDAU_EXPORT AvroSchema derive_schema(const TypeDescription& type);

// What the Avro serde of one type does, but for the type. Any thread.
class MOLDAU_EXPORT RegistryCodec {
 public:
  // `schema` is nullopt for that of the type.
  RegistryCodec(std::shared_ptr<SchemaRegistry> registry, const TypeDescription& type,
                std::optional<AvroSchema> schema, RegistrySerdeOptions options);
  RegistryCodec(RegistryCodec&& other) noexcept;
  ~RegistryCodec();

  void serialize(const void* value, ByteBuffer& out) const;
  void deserialize(Bytes bytes, void* value) const;

 private:
  class State;
  class OneSchema;
  class AnySchema;
  std::unique_ptr<State> state_;
};

template <class T>
std::shared_ptr<const SerdeInstance<T>> make_serde(RegistryCodec codec) {
  class Instance final : public SerdeInstance<T> {
   public:
    explicit Instance(RegistryCodec own_codec) : codec_(std::move(own_codec)) {}
    void serialize(const T& value, ByteBuffer& out) const override {
      codec_.serialize(&value, out);
    }
    void deserialize(Bytes bytes, T& value) const override { codec_.deserialize(bytes, &value); }

   private:
    RegistryCodec codec_;
  };
  return std::make_shared<Instance>(std::move(codec));
}

}  // namespace avro

// A serde that writes values as Avro, in the registry's wire format: a zero byte, the id of the
// schema, the value. Reads whatever schema a record was written with as T, by Avro's rules: fields
// are found by name, missing ones take their defaults, unknown ones are left out.
//
// T is a struct with an AvroRecord or an enum with an AvroEnum, one of
//   bool, std::int32_t, std::int64_t, float, double, std::string, ByteBuffer,
//   std::vector<std::byte>, std::array<std::byte, N>, Timestamp (timestamp-millis), Uuid,
// a std::optional (union with null), std::vector (array), std::map or std::unordered_map with
// std::string as key (map), or std::variant (union) of those, with std::monostate for null; or
// GenericAvro, which holds any record together with its schema.
//
// The registry is asked when the first value is written, and when a record names an id that was not
// met before; all other records need no lock and no request. SerdeError here if T and its fields
// make no schema; SchemaRegistryError and SerdeError when used, see SchemaRegistry.
template <class T>
[[nodiscard]] std::shared_ptr<const SerdeInstance<T>> avro_serde(
    std::shared_ptr<SchemaRegistry> registry, RegistrySerdeOptions options) {
  return avro::make_serde<T>(avro::RegistryCodec{std::move(registry), avro::describe<T>(),
                                                 std::nullopt, std::move(options)});
}

// The same with a schema of yours instead of the one that follows from T: one with documentation,
// aliases and defaults, or one that T is only a part of. T's fields must all be in it; fields that
// T does not have are left out when read, and written as their defaults. T may also be AvroValue,
// for a schema that is known only when the program runs.
template <class T>
[[nodiscard]] std::shared_ptr<const SerdeInstance<T>> avro_serde(
    std::shared_ptr<SchemaRegistry> registry, AvroSchema schema, RegistrySerdeOptions options) {
  return avro::make_serde<T>(avro::RegistryCodec{std::move(registry), avro::describe<T>(),
                                                 std::move(schema), std::move(options)});
}

// The schema that avro_serde<T>() writes with: to be registered by a release process, or shown.
template <class T>
[[nodiscard]] AvroSchema avro_schema() {
  return avro::derive_schema(avro::describe<T>());
}

}  // namespace moldau::inline v0
