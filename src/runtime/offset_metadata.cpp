#include "runtime/offset_metadata.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/bytes.h"

#include <absl/strings/escaping.h>

#include <optional>

namespace moldau::inline v0::runtime {

namespace {

constexpr std::byte time_only{1};
constexpr std::byte time_and_processors{2};

// Takes big-endian numbers and texts off the front of some bytes; nullopt when they run out.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  template <std::integral T>
  std::optional<T> number() {
    if (rest_.size() < sizeof(T)) return std::nullopt;
    const T value = load_big_endian<T>(rest_.data());
    rest_ = rest_.without_first(sizeof(T));
    return value;
  }
  std::optional<std::string> text() {
    const auto size = number<std::int32_t>();
    if (!size || *size < 0 || static_cast<std::size_t>(*size) > rest_.size()) return std::nullopt;
    std::string value{rest_.first(static_cast<std::size_t>(*size)).text()};
    rest_ = rest_.without_first(static_cast<std::size_t>(*size));
    return value;
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  Bytes rest_;
};

// Debian's absl has a string_view of its own.
absl::string_view to_absl(std::string_view text) { return {text.data(), text.size()}; }

std::optional<OffsetMetadata> parse(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  const std::byte version = bytes[0];
  if (version != time_only && version != time_and_processors) return std::nullopt;
  Reader reader{bytes.without_first(1)};
  OffsetMetadata metadata;
  const auto time = reader.number<std::int64_t>();
  if (!time) return std::nullopt;
  metadata.partition_time = Timestamp{*time};
  if (version == time_only || reader.done()) return metadata;

  const auto count = reader.number<std::int32_t>();
  if (!count) return std::nullopt;
  for (std::int32_t i = 0; i < *count; ++i) {
    auto key = reader.text();
    const auto value = reader.number<std::int64_t>();
    if (!key || !value) return std::nullopt;
    metadata.processor_metadata[std::move(*key)] = *value;
  }
  return metadata;
}

}  // namespace

std::string encode(const OffsetMetadata& metadata) {
  ByteBuffer bytes;
  bytes.append(time_and_processors);
  append_big_endian(bytes, metadata.partition_time.milliseconds());
  if (!metadata.processor_metadata.empty()) {
    append_big_endian(bytes, static_cast<std::int32_t>(metadata.processor_metadata.size()));
    for (const auto& [key, value] : metadata.processor_metadata) {
      append_big_endian(bytes, static_cast<std::int32_t>(key.size()));
      bytes.append(Bytes{std::string_view{key}});
      append_big_endian(bytes, value);
    }
  }
  return absl::Base64Escape(to_absl(bytes.bytes().text()));
}

OffsetMetadata decode_offset_metadata(std::string_view text, bool* understood) {
  if (understood != nullptr) *understood = true;
  if (text.empty()) return {};
  std::string bytes;
  if (absl::Base64Unescape(to_absl(text), &bytes)) {
    if (auto metadata = parse(Bytes{std::string_view{bytes}})) return *std::move(metadata);
  }
  if (understood != nullptr) *understood = false;
  return {};
}

}  // namespace moldau::inline v0::runtime
