#pragma once

#include "moldau/base/timestamp.h"
#include "moldau/serde/avro.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

// What the tests read and write as Avro.
namespace shelf {

enum class Colour : std::uint8_t { red, blue, unknown };

struct Address {
  std::string street;
  std::int32_t number = 0;

  friend bool operator==(const Address&, const Address&) = default;
};

struct Order {
  std::string item;
  std::int32_t count = 0;
  std::optional<std::string> note;

  friend bool operator==(const Order&, const Order&) = default;
};

// A field of every kind.
struct Everything {
  bool yes = false;
  std::int32_t small = 0;
  std::int64_t large = 0;
  float rough = 0;
  double fine = 0;
  std::string text;
  moldau::ByteBuffer raw;
  std::vector<std::byte> more;
  std::array<std::byte, 2> mark = {};
  moldau::Timestamp at;
  moldau::Uuid id;
  Colour colour = Colour::red;
  Address to;
  std::optional<Address> back;
  std::vector<Address> stops;
  std::map<std::string, std::int64_t> weights;
  std::variant<std::monostate, std::string, std::int64_t, Address> either;

  friend bool operator==(const Everything&, const Everything&) = default;
};

struct Tree {
  std::int32_t value = 0;
  std::vector<Tree> children;

  friend bool operator==(const Tree&, const Tree&) = default;
};

}  // namespace shelf

namespace moldau {

template <>
struct AvroEnum<shelf::Colour> {
  static constexpr std::string_view name = "shop.Colour";
  static constexpr std::pair<shelf::Colour, std::string_view> symbols[] = {
      {shelf::Colour::red, "RED"},
      {shelf::Colour::blue, "BLUE"},
      {shelf::Colour::unknown, "UNKNOWN"}};
  static constexpr shelf::Colour fallback = shelf::Colour::unknown;
};

template <>
struct AvroRecord<shelf::Address> {
  static constexpr std::string_view name = "shop.Address";
  static constexpr auto fields = std::tuple{avro_field<&shelf::Address::street>("street"),
                                            avro_field<&shelf::Address::number>("number")};
};

template <>
struct AvroRecord<shelf::Order> {
  static constexpr std::string_view name = "shop.Order";
  static constexpr auto fields =
      std::tuple{avro_field<&shelf::Order::item>("item"), avro_field<&shelf::Order::count>("count"),
                 avro_field<&shelf::Order::note>("note")};
};

template <>
struct AvroRecord<shelf::Everything> {
  using Self = shelf::Everything;
  static constexpr std::string_view name = "shop.all.Everything";
  static constexpr auto fields =
      std::tuple{avro_field<&Self::yes>("yes"),      avro_field<&Self::small>("small"),
                 avro_field<&Self::large>("large"),  avro_field<&Self::rough>("rough"),
                 avro_field<&Self::fine>("fine"),    avro_field<&Self::text>("text"),
                 avro_field<&Self::raw>("raw"),      avro_field<&Self::more>("more"),
                 avro_field<&Self::mark>("mark"),    avro_field<&Self::at>("at"),
                 avro_field<&Self::id>("id"),        avro_field<&Self::colour>("colour"),
                 avro_field<&Self::to>("to"),        avro_field<&Self::back>("back"),
                 avro_field<&Self::stops>("stops"),  avro_field<&Self::weights>("weights"),
                 avro_field<&Self::either>("either")};
};

template <>
struct AvroRecord<shelf::Tree> {
  static constexpr std::string_view name = "shop.Tree";
  static constexpr auto fields = std::tuple{avro_field<&shelf::Tree::value>("value"),
                                            avro_field<&shelf::Tree::children>("children")};
};

}  // namespace moldau
