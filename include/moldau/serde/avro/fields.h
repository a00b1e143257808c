#pragma once

#include <string_view>

// How a program tells which Avro types its own types are. For a struct:
//
//   struct Order { std::string item; std::int32_t count = 0; std::optional<std::string> note; };
//
//   template <> struct moldau::AvroRecord<Order> {
//     static constexpr std::string_view name = "shop.Order";
//     static constexpr auto fields = std::tuple{moldau::avro_field<&Order::item>("item"),
//                                               moldau::avro_field<&Order::count>("count"),
//                                               moldau::avro_field<&Order::note>("note")};
//   };
//
// and for an enum:
//
//   template <> struct moldau::AvroEnum<Colour> {
//     static constexpr std::string_view name = "shop.Colour";
//     static constexpr std::pair<Colour, std::string_view> symbols[] = {{Colour::red, "RED"},
//                                                                       {Colour::blue, "BLUE"}};
//   };
//
// An enum may also have `static constexpr Colour fallback`, which is read for unknown symbols.
namespace moldau::inline v0 {

template <class T>
struct AvroRecord;

template <class E>
struct AvroEnum;

// Parts of a field that matter when the writer's schema is another one.
struct AvroFieldOptions {
  // Read when the writer had no such field, as the JSON of a schema: `0`, `"none"`, `[]`. Default:
  // `null` for std::optional, none for others. A field without one cannot be added later.
  std::string_view default_json = {};

  // A name the field had before.
  std::string_view alias = {};
};

template <auto Member>
struct AvroField {
  std::string_view name;
  AvroFieldOptions options;
};

// `Member` is a pointer to a data member.
template <auto Member>
[[nodiscard]] constexpr AvroField<Member> avro_field(std::string_view name,
                                                     AvroFieldOptions options = {}) {
  return {name, options};
}

}  // namespace moldau::inline v0
