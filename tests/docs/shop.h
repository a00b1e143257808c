#pragma once

#include "moldau/serde/json.h"

#include "docs/notation.h"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

// What the chapters about joins call things: a shop's rows and records, JSON in topics.
namespace moldau::test::shop {

using UserId = std::string;
using OrderId = std::string;
using CustomerId = std::string;
using CurrencyCode = std::string;

struct User {
  std::string name;
};
struct Settings {
  std::string language;
};
struct Profile {
  std::string name;
  std::string language;
  static Profile of(const User& user, const Settings* settings) {
    return {user.name, settings == nullptr ? "en" : settings->language};
  }
};
struct Order {
  CustomerId customer;
  std::string item;
  std::int64_t cents = 0;
  CurrencyCode currency;
};
struct Customer {
  std::string city;
  std::int64_t discount = 0;  // in per cent
};
struct Currency {
  std::int64_t per_euro = 1;
};
struct Bill {
  std::string item;
  std::string city;
  static Bill of(const Order& order, const Customer& customer) {
    return {order.item, customer.city};
  }
};
struct Payment {
  std::int64_t amount = 0;
};
struct Settlement {
  std::string item;
  std::int64_t paid = 0;
  static Settlement of(const Order& order, const Payment* payment) {
    return {order.item, payment == nullptr ? 0 : payment->amount};
  }
};

inline std::int64_t priced(const Order& order, const Customer& customer) {
  return order.cents * (100 - customer.discount) / 100;
}
inline std::int64_t in_euro(const Order& order, const Currency& currency) {
  return order.cents / currency.per_euro;
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(User, name)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Settings, language)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Profile, name, language)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Order, customer, item, cents, currency)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(Customer, city, discount)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Currency, per_euro)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Bill, item, city)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Payment, amount)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Settlement, item, paid)

template <class T, class... Ts>
concept OneOf = (std::same_as<T, Ts> || ...);
template <class T>
concept Thing =
    OneOf<T, User, Settings, Profile, Order, Customer, Currency, Bill, Payment, Settlement>;

}  // namespace moldau::test::shop

template <moldau::test::shop::Thing T>
struct moldau::Serde<T> : moldau::JsonSerde<T> {};

// JSON with single quotes: double ones hold words together.
template <moldau::test::shop::Thing T>
struct moldau::test::Notation<T> {
  static T read(std::string_view text) {
    std::string json{text};
    std::ranges::replace(json, '\'', '"');
    return nlohmann::json::parse(json).get<T>();
  }
  static std::string show(const T& thing) {
    std::string json = nlohmann::json(thing).dump();
    std::ranges::replace(json, '"', '\'');
    return json;
  }
};
