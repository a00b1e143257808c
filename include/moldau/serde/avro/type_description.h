#pragma once

#include "moldau/base/bytes.h"
#include "moldau/serde/avro/fields.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// C++ types as the compiled part of the Avro serdes sees them: what they hold, and functions that
// reach into an object without knowing its type. Not for users.
namespace moldau::inline v0::avro {

enum class Storage : std::uint8_t {
  null,       // std::monostate
  boolean,    // bool
  int32,      // std::int32_t
  int64,      // std::int64_t
  float32,    // float
  float64,    // double
  timestamp,  // Timestamp
  string,     // std::string
  uuid,       // Uuid
  bytes,      // ByteBuffer, std::vector<std::byte>
  fixed,      // std::array<std::byte, N>
  enumeration,
  record,
  optional,  // std::optional
  sequence,  // std::vector
  map,       // std::map, std::unordered_map with std::string as key
  variant,   // std::variant
  value,     // AvroValue
  datum,     // GenericAvro
};

struct TypeDescription;
// A function, so that a type may contain itself.
using TypeGetter = const TypeDescription& (*)();

struct FieldDescription {
  std::string_view name;
  AvroFieldOptions options;
  TypeGetter type;
  void* (*member)(void* object);
};

// Called with each entry of a map.
using EntryVisitor = void (*)(void* context, const std::string& key, const void* value);

struct TypeDescription {
  Storage storage = Storage::null;
  std::string_view name = {};                      // record, enum
  std::span<const FieldDescription> fields = {};   // record
  std::span<const std::string_view> symbols = {};  // enum
  std::size_t size = 0;                            // fixed
  std::span<const TypeGetter> parts = {};          // optional, sequence, map: 1; variant: all
  int fallback = -1;                               // enum: index of a symbol

  // string, bytes, fixed
  Bytes (*view)(const void* object) = nullptr;
  void (*assign)(void* object, Bytes bytes) = nullptr;

  // enum: indexes into `symbols`; -1 for a value that has none
  int (*symbol_of)(const void* object) = nullptr;
  void (*set_symbol)(void* object, int symbol) = nullptr;

  // optional: null if there is no value; emplace() keeps a value that is there
  const void* (*held)(const void* object) = nullptr;
  void* (*emplace)(void* object) = nullptr;
  void (*reset)(void* object) = nullptr;

  // sequence: slot() makes elements up to `index` if need be, truncate() removes those behind
  std::size_t (*count)(const void* object) = nullptr;
  const void* (*element)(const void* object, std::size_t index) = nullptr;
  void* (*slot)(void* object, std::size_t index) = nullptr;
  void (*truncate)(void* object, std::size_t size) = nullptr;

  // map; count() and truncate() with 0 are those above
  void (*visit)(const void* object, void* context, EntryVisitor visitor) = nullptr;
  void* (*put)(void* object, std::string_view key) = nullptr;

  // variant: choose() makes the alternative the held one, and keeps it if it is already
  std::size_t (*index)(const void* object) = nullptr;
  const void* (*alternative)(const void* object) = nullptr;
  void* (*choose)(void* object, std::size_t index) = nullptr;
};

}  // namespace moldau::inline v0::avro
