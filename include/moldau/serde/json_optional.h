#pragma once

#include <nlohmann/json.hpp>

#include <optional>

// std::optional as a part of types that are converted to JSON: nullopt is `null`. For versions of
// nlohmann::json that cannot do it themselves (before 3.12); with those that can, this header does
// nothing. Leave it out if your program has a conversion of its own.
#if NLOHMANN_JSON_VERSION_MAJOR < 3 || \
    (NLOHMANN_JSON_VERSION_MAJOR == 3 && NLOHMANN_JSON_VERSION_MINOR < 12)

template <class T>
struct nlohmann::adl_serializer<std::optional<T>> {
  static void to_json(nlohmann::json& json, const std::optional<T>& value) {
    if (value) {
      json = *value;
    } else {
      json = nullptr;
    }
  }
  static void from_json(const nlohmann::json& json, std::optional<T>& value) {
    if (json.is_null()) {
      value.reset();
    } else {
      value = json.get<T>();
    }
  }
};

#endif
