#include "moldau/serde/avro/value.h"

#include "moldau/base/error.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0 {

namespace {

[[noreturn]] void throw_other_kind(std::string_view expected, AvroKind found) {
  throw SerdeError("Avro value: expected " + std::string{expected} + ", found " +
                   std::string{name(found)});
}

// The kinds in the order of AvroValue::Content's alternatives.
constexpr AvroKind kinds[] = {
    AvroKind::null,    AvroKind::boolean, AvroKind::int32,  AvroKind::int64,  AvroKind::float32,
    AvroKind::float64, AvroKind::bytes,   AvroKind::string, AvroKind::record, AvroKind::enumeration,
    AvroKind::array,   AvroKind::map,     AvroKind::fixed};

}  // namespace

AvroValue::AvroValue() noexcept = default;
AvroValue::AvroValue(const AvroValue& other) = default;
AvroValue::AvroValue(AvroValue&& other) noexcept = default;
AvroValue& AvroValue::operator=(const AvroValue& other) = default;
AvroValue& AvroValue::operator=(AvroValue&& other) noexcept = default;
AvroValue::~AvroValue() = default;

AvroValue::AvroValue(Content content) : content_(std::move(content)) {}
AvroValue::AvroValue(std::in_place_type_t<bool> type, bool value) : content_(type, value) {}
AvroValue::AvroValue(std::in_place_type_t<std::int32_t> type, std::int32_t value)
    : content_(type, value) {}
AvroValue::AvroValue(std::in_place_type_t<std::int64_t> type, std::int64_t value)
    : content_(type, value) {}
AvroValue::AvroValue(float value) : content_(value) {}
AvroValue::AvroValue(double value) : content_(value) {}
AvroValue::AvroValue(std::string value) : content_(std::move(value)) {}
AvroValue::AvroValue(std::string_view value) : content_(std::string{value}) {}
AvroValue::AvroValue(const char* value) : content_(std::string{value}) {}
AvroValue::AvroValue(ByteBuffer value) : content_(std::move(value)) {}

AvroValue AvroValue::symbol(std::string text) {
  return AvroValue{Content{Symbol{std::move(text)}}};
}
AvroValue AvroValue::fixed(ByteBuffer bytes) { return AvroValue{Content{Fixed{std::move(bytes)}}}; }
AvroValue AvroValue::array(Array elements) { return AvroValue{Content{std::move(elements)}}; }
AvroValue AvroValue::map(std::vector<AvroEntry> entries) {
  return AvroValue{Content{Map{std::move(entries)}}};
}
AvroValue AvroValue::record(std::string name, std::vector<AvroEntry> fields) {
  return AvroValue{Content{Record{std::move(name), std::move(fields)}}};
}

AvroKind AvroValue::kind() const noexcept { return kinds[content_.index()]; }

bool AvroValue::as_bool() const {
  if (const auto* value = std::get_if<bool>(&content_)) return *value;
  throw_other_kind("boolean", kind());
}

std::int64_t AvroValue::as_int64() const {
  if (const auto* value = std::get_if<std::int64_t>(&content_)) return *value;
  if (const auto* value = std::get_if<std::int32_t>(&content_)) return *value;
  throw_other_kind("long or int", kind());
}

double AvroValue::as_double() const {
  if (const auto* value = std::get_if<double>(&content_)) return *value;
  if (const auto* value = std::get_if<float>(&content_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::int64_t>(&content_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::int32_t>(&content_)) return *value;
  throw_other_kind("a number", kind());
}

const std::string& AvroValue::as_string() const {
  if (const auto* value = std::get_if<std::string>(&content_)) return *value;
  if (const auto* value = std::get_if<Symbol>(&content_)) return value->text;
  throw_other_kind("string or enum", kind());
}

Bytes AvroValue::as_bytes() const {
  if (const auto* value = std::get_if<ByteBuffer>(&content_)) return *value;
  if (const auto* value = std::get_if<Fixed>(&content_)) return value->bytes;
  throw_other_kind("bytes or fixed", kind());
}

const AvroValue::Array& AvroValue::as_array() const {
  if (const auto* value = std::get_if<Array>(&content_)) return *value;
  throw_other_kind("array", kind());
}

const std::vector<AvroEntry>& AvroValue::as_entries() const {
  if (const auto* value = std::get_if<Record>(&content_)) return value->fields;
  if (const auto* value = std::get_if<Map>(&content_)) return value->entries;
  throw_other_kind("record or map", kind());
}

const AvroValue* AvroValue::find(std::string_view name) const {
  const std::vector<AvroEntry>& entries = as_entries();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const AvroEntry& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &found->value;
}

const AvroValue& AvroValue::operator[](std::string_view name) const {
  if (const AvroValue* found = find(name)) return *found;
  throw SerdeError("Avro value: expected a field or entry \"" + std::string{name} +
                   "\", found none of that name");
}

bool operator==(const AvroValue::Map& a, const AvroValue::Map& b) { return a.entries == b.entries; }
bool operator==(const AvroValue::Record& a, const AvroValue::Record& b) {
  return a.name == b.name && a.fields == b.fields;
}
bool operator==(const AvroValue& a, const AvroValue& b) { return a.content_ == b.content_; }

}  // namespace moldau::inline v0
