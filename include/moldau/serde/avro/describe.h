#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/serde/avro/fields.h"
#include "moldau/serde/avro/type_description.h"
#include "moldau/serde/avro/value.h"
#include "moldau/serde/uuid.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

// Makes the TypeDescription of a C++ type. Not for users.
namespace moldau::inline v0::avro {

template <class T>
const TypeDescription& describe();

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... Args, template <class...> class Template>
inline constexpr bool is_a<Template<Args...>, Template> = true;

template <class T>
inline constexpr std::size_t byte_array_size = 0;
template <std::size_t N>
inline constexpr std::size_t byte_array_size<std::array<std::byte, N>> = N;

template <class T>
concept BoundRecord = requires {
  { AvroRecord<T>::name } -> std::convertible_to<std::string_view>;
  AvroRecord<T>::fields;
};

template <class E>
concept BoundEnum = requires {
  { AvroEnum<E>::name } -> std::convertible_to<std::string_view>;
  AvroEnum<E>::symbols;
};

template <class T>
concept MapByName = (is_a<T, std::map> ||
                     is_a<T, std::unordered_map>)&&std::same_as<typename T::key_type, std::string>;

// Types of the standard library and of ours that need no AvroRecord.
template <class T>
constexpr std::optional<Storage> plain_storage() {
  if constexpr (std::same_as<T, std::monostate>) return Storage::null;
  if constexpr (std::same_as<T, bool>) return Storage::boolean;
  if constexpr (std::same_as<T, std::int32_t>) return Storage::int32;
  if constexpr (std::same_as<T, std::int64_t>) return Storage::int64;
  if constexpr (std::same_as<T, float>) return Storage::float32;
  if constexpr (std::same_as<T, double>) return Storage::float64;
  if constexpr (std::same_as<T, Timestamp>) return Storage::timestamp;
  if constexpr (std::same_as<T, Uuid>) return Storage::uuid;
  if constexpr (std::same_as<T, AvroValue>) return Storage::value;
  if constexpr (std::same_as<T, GenericAvro>) return Storage::datum;
  return std::nullopt;
}

template <class T>
TypeDescription describe_string() {
  return {.storage = Storage::string,
          .view =
              [](const void* object) {
                return Bytes{std::string_view{*static_cast<const std::string*>(object)}};
              },
          .assign = [](void* object,
                       Bytes bytes) { static_cast<std::string*>(object)->assign(bytes.text()); }};
}

template <class T>
TypeDescription describe_bytes() {
  return {.storage = Storage::bytes,
          .view =
              [](const void* object) {
                const T& bytes = *static_cast<const T*>(object);
                return Bytes{bytes.data(), bytes.size()};
              },
          .assign =
              [](void* object, Bytes bytes) {
                if constexpr (std::same_as<T, ByteBuffer>) {
                  static_cast<T*>(object)->assign(bytes);
                } else {
                  static_cast<T*>(object)->assign(bytes.data(), bytes.data() + bytes.size());
                }
              }};
}

template <class T>
TypeDescription describe_fixed() {
  return {.storage = Storage::fixed,
          .size = byte_array_size<T>,
          .view =
              [](const void* object) {
                return Bytes{object, byte_array_size<T>};
              },
          // The caller has compared the sizes.
          .assign = [](void* object,
                       Bytes bytes) { std::memcpy(object, bytes.data(), byte_array_size<T>); }};
}

template <class E>
TypeDescription describe_enum() {
  using Binding = AvroEnum<E>;
  static constexpr auto symbols = [] {
    std::array<std::string_view, std::size(Binding::symbols)> texts;
    std::size_t count = 0;
    for (const auto& [value, text] : Binding::symbols) texts[count++] = text;
    return texts;
  }();
  static constexpr auto symbol_of = [](const void* object) {
    const E value = *static_cast<const E*>(object);
    int index = 0;
    for (const auto& [known, text] : Binding::symbols) {
      if (known == value) return index;
      ++index;
    }
    return -1;
  };
  TypeDescription description{.storage = Storage::enumeration,
                              .name = Binding::name,
                              .symbols = symbols,
                              .symbol_of = symbol_of,
                              .set_symbol = [](void* object, int symbol) {
                                *static_cast<E*>(object) =
                                    std::data(Binding::symbols)[symbol].first;
                              }};
  if constexpr (requires { Binding::fallback; }) {
    const E fallback = Binding::fallback;
    description.fallback = symbol_of(&fallback);
  }
  return description;
}

template <class T, auto Member>
FieldDescription describe_field(const AvroField<Member>& field) {
  using Value = std::remove_cvref_t<decltype(std::declval<T&>().*Member)>;
  return {field.name, field.options, &describe<Value>,
          [](void* object) -> void* { return std::addressof(static_cast<T*>(object)->*Member); }};
}

template <class T>
TypeDescription describe_record() {
  static const auto fields =
      std::apply([](const auto&... field) { return std::array{describe_field<T>(field)...}; },
                 AvroRecord<T>::fields);
  return {.storage = Storage::record, .name = AvroRecord<T>::name, .fields = fields};
}

template <class T>
TypeDescription describe_optional() {
  using Value = typename T::value_type;
  static_assert(!is_a<Value, std::optional> && !is_a<Value, std::variant>,
                "std::optional in an Avro type holds no std::variant and no other std::optional: "
                "give the variant the alternative std::monostate");
  static constexpr TypeGetter parts[] = {&describe<Value>};
  return {.storage = Storage::optional,
          .parts = parts,
          .held = [](const void* object) -> const void* {
            const T& optional = *static_cast<const T*>(object);
            return optional ? std::addressof(*optional) : nullptr;
          },
          .emplace = [](void* object) -> void* {
            T& optional = *static_cast<T*>(object);
            if (!optional) optional.emplace();
            return std::addressof(*optional);
          },
          .reset = [](void* object) { static_cast<T*>(object)->reset(); }};
}

template <class T>
TypeDescription describe_sequence() {
  static constexpr TypeGetter parts[] = {&describe<typename T::value_type>};
  return {.storage = Storage::sequence,
          .parts = parts,
          .count = [](const void* object) { return static_cast<const T*>(object)->size(); },
          .element = [](const void* object, std::size_t index) -> const void* {
            return std::addressof((*static_cast<const T*>(object))[index]);
          },
          .slot = [](void* object, std::size_t index) -> void* {
            T& sequence = *static_cast<T*>(object);
            while (sequence.size() <= index) sequence.emplace_back();
            return std::addressof(sequence[index]);
          },
          .truncate =
              [](void* object, std::size_t size) {
                T& sequence = *static_cast<T*>(object);
                sequence.erase(sequence.begin() + static_cast<std::ptrdiff_t>(size),
                               sequence.end());
              }};
}

template <class T>
TypeDescription describe_map() {
  static constexpr TypeGetter parts[] = {&describe<typename T::mapped_type>};
  return {.storage = Storage::map,
          .parts = parts,
          .count = [](const void* object) { return static_cast<const T*>(object)->size(); },
          .truncate = [](void* object, std::size_t) { static_cast<T*>(object)->clear(); },
          .visit =
              [](const void* object, void* context, EntryVisitor visitor) {
                for (const auto& [key, value] : *static_cast<const T*>(object)) {
                  visitor(context, key, std::addressof(value));
                }
              },
          .put = [](void* object, std::string_view key) -> void* {
            return std::addressof((*static_cast<T*>(object))[std::string{key}]);
          }};
}

template <class T, std::size_t... I>
TypeDescription describe_variant(std::index_sequence<I...>) {
  static constexpr TypeGetter parts[] = {&describe<std::variant_alternative_t<I, T>>...};
  static constexpr void* (*choosers[])(T&) = {[](T& variant) -> void* {
    if (variant.index() != I) variant.template emplace<I>();
    return std::addressof(*std::get_if<I>(&variant));
  }...};
  return {.storage = Storage::variant,
          .parts = parts,
          .index = [](const void* object) { return static_cast<const T*>(object)->index(); },
          .alternative = [](const void* object) -> const void* {
            return std::visit([](const auto& held) -> const void* { return std::addressof(held); },
                              *static_cast<const T*>(object));
          },
          .choose = [](void* object,
                       std::size_t index) { return choosers[index](*static_cast<T*>(object)); }};
}

template <class T>
TypeDescription make_description() {
  if constexpr (plain_storage<T>().has_value()) {
    return {.storage = *plain_storage<T>()};
  } else if constexpr (std::same_as<T, std::string>) {
    return describe_string<T>();
  } else if constexpr (std::same_as<T, ByteBuffer> || std::same_as<T, std::vector<std::byte>>) {
    return describe_bytes<T>();
  } else if constexpr (byte_array_size<T> > 0) {
    return describe_fixed<T>();
  } else if constexpr (BoundEnum<T>) {
    return describe_enum<T>();
  } else if constexpr (BoundRecord<T>) {
    return describe_record<T>();
  } else if constexpr (is_a<T, std::optional>) {
    return describe_optional<T>();
  } else if constexpr (is_a<T, std::vector> && !std::same_as<T, std::vector<bool>>) {
    return describe_sequence<T>();
  } else if constexpr (MapByName<T>) {
    return describe_map<T>();
  } else if constexpr (is_a<T, std::variant>) {
    return describe_variant<T>(std::make_index_sequence<std::variant_size_v<T>>{});
  } else {
    static_assert(!std::same_as<T, T>,
                  "no Avro type is known for this C++ type: specialise moldau::AvroRecord or "
                  "moldau::AvroEnum for it");
    return {};
  }
}

// One object for each type, for the life of the program.
template <class T>
const TypeDescription& describe() {
  static const TypeDescription description = make_description<T>();
  return description;
}

}  // namespace moldau::inline v0::avro
