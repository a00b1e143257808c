// Values and bytes as the reference's own serdes wrote and read them.

#include "golden/golden.h"

#include "moldau/serde/builtin.h"

#include "serde/serde_bytes.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace moldau {
namespace {

std::optional<std::string> text_of(const nlohmann::json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<std::string>();
}

template <class T>
T parse(const std::string& text) {
  if constexpr (std::is_same_v<T, bool>) {
    return text == "true";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return text;
  } else if constexpr (std::is_same_v<T, Uuid>) {
    return parse_uuid(text).value();
  } else if constexpr (std::is_same_v<T, ByteBuffer>) {
    return from_hex(text);
  } else if constexpr (std::is_floating_point_v<T>) {
    if (text == "NaN") return std::numeric_limits<T>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<T>::infinity();
    return static_cast<T>(std::stod(text));
  } else {
    T value{};
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size()) {
      throw std::invalid_argument(text);
    }
    return value;
  }
}

// Writes the value, reads the bytes, and writes what was read: all must be the golden bytes.
template <class T>
void check(const std::optional<std::string>& value, const std::optional<std::string>& bytes) {
  const AnySerde<std::optional<T>> serde;
  std::optional<T> typed;
  if (value) typed = parse<T>(*value);

  ByteBuffer out;
  ASSERT_EQ(serde.serialize(typed, out), bytes.has_value());
  if (!bytes) return;
  EXPECT_EQ(to_hex(out), *bytes);
  EXPECT_EQ(written_hex(read_hex<T>(*bytes)), *bytes);
}

void check_vector(const nlohmann::json& vector) {
  SCOPED_TRACE(vector.dump());
  const std::string type = vector["type"];
  const std::optional<std::string> value = text_of(vector["value"]);
  const std::optional<std::string> bytes = text_of(vector["bytes"]);
  if (type == "integer") {
    check<std::int32_t>(value, bytes);
  } else if (type == "long") {
    check<std::int64_t>(value, bytes);
  } else if (type == "short") {
    check<std::int16_t>(value, bytes);
  } else if (type == "double") {
    check<double>(value, bytes);
  } else if (type == "float") {
    check<float>(value, bytes);
  } else if (type == "string") {
    check<std::string>(value, bytes);
  } else if (type == "uuid") {
    check<Uuid>(value, bytes);
  } else if (type == "bytes") {
    check<ByteBuffer>(value, bytes);
  } else if (type == "boolean") {
    check<bool>(value, bytes);
  } else if (type == "void") {
    EXPECT_TRUE(Serde<Void>::is_null(Void{}));
    EXPECT_EQ(bytes, std::nullopt);
  } else {
    ADD_FAILURE() << "no such type here";
  }
}

// The elements of "[a, null, ]".
template <class T>
std::vector<std::optional<T>> parse_list(const std::string& text) {
  std::vector<std::optional<T>> list;
  std::string_view rest{text};
  rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return list;
  for (;;) {
    const std::size_t comma = rest.find(", ");
    const std::string element{rest.substr(0, comma)};
    if (element == "null") {
      list.push_back(std::nullopt);
    } else {
      list.push_back(parse<T>(element));
    }
    if (comma == std::string_view::npos) return list;
    rest.remove_prefix(comma + 2);
  }
}

template <class T>
void check_list(const std::string& list, const std::string& bytes) {
  using List = std::vector<std::optional<T>>;
  const List typed = parse_list<T>(list);

  EXPECT_EQ(written_hex(typed), bytes);
  EXPECT_EQ(read_hex<List>(bytes), typed);
}

TEST(GoldenSerdes, ValuesHaveTheBytesOfTheReference) {
  const nlohmann::json vectors = read_golden("serdes.json")["vectors"];

  ASSERT_GE(vectors.size(), 40U);
  for (const nlohmann::json& vector : vectors) check_vector(vector);
}

TEST(GoldenSerdes, ListsHaveTheBytesOfTheReference) {
  const nlohmann::json vectors = read_golden("serdes.json")["list_vectors"];

  ASSERT_GE(vectors.size(), 8U);
  for (const nlohmann::json& vector : vectors) {
    SCOPED_TRACE(vector.dump());
    if (vector["list"].is_null()) {
      EXPECT_TRUE(vector["bytes"].is_null());
    } else if (vector["inner"] == "integer") {
      check_list<std::int32_t>(vector["list"], vector["bytes"]);
    } else if (vector["inner"] == "string") {
      check_list<std::string>(vector["list"], vector["bytes"]);
    } else if (vector["inner"] == "uuid") {
      check_list<Uuid>(vector["list"], vector["bytes"]);
    } else {
      ADD_FAILURE() << "no such inner type here";
    }
  }
}

}  // namespace
}  // namespace moldau
