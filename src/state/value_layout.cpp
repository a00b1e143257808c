#include "moldau/state/value_layout.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "state/row_key.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0::state {

namespace {

constexpr std::int32_t null_header = -1;

// Kafka's variable-length integers: zigzag, seven bits a byte, the lowest first.

std::uint32_t zigzag(std::int32_t number) noexcept {
  return (static_cast<std::uint32_t>(number) << 1) ^ static_cast<std::uint32_t>(number >> 31);
}

std::size_t varint_size(std::int32_t number) noexcept {
  std::size_t size = 1;
  for (std::uint32_t rest = zigzag(number); rest >= 0x80; rest >>= 7) ++size;
  return size;
}

void append_varint(ByteBuffer& out, std::int32_t number) {
  std::uint32_t rest = zigzag(number);
  for (; rest >= 0x80; rest >>= 7) out.append(std::byte((rest & 0x7f) | 0x80));
  out.append(std::byte(rest));
}

void append_sized(ByteBuffer& out, Bytes bytes) {
  append_varint(out, static_cast<std::int32_t>(bytes.size()));
  out.append(bytes);
}

std::size_t sized_size(std::size_t size) noexcept {
  return varint_size(static_cast<std::int32_t>(size)) + size;
}

// No headers are no bytes at all: not even a count.
std::size_t encoded_headers_size(const Headers& headers) noexcept {
  if (headers.empty()) return 0;
  std::size_t size = varint_size(static_cast<std::int32_t>(headers.size()));
  for (const Header& header : headers) {
    size += sized_size(header.key.size());
    size += header.value ? sized_size(header.value->size()) : varint_size(null_header);
  }
  return size;
}

void append_encoded(ByteBuffer& out, const Headers& headers) {
  if (headers.empty()) return;
  append_varint(out, static_cast<std::int32_t>(headers.size()));
  for (const Header& header : headers) {
    append_sized(out, Bytes{std::string_view{header.key}});
    if (header.value) {
      append_sized(out, *header.value);
    } else {
      append_varint(out, null_header);
    }
  }
}

[[noreturn]] void throw_damaged_headers() {
  throw StateStoreError(
      "a stored value begins with headers that cannot be read; delete the store's folder to "
      "rebuild it from the changelog");
}

// Takes stored bytes from their front.
class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : rest_(bytes) {}

  std::int32_t varint() {
    std::uint32_t bits = 0;
    for (unsigned shift = 0; shift < 32; shift += 7) {
      const auto byte = std::to_integer<std::uint32_t>(take(1)[0]);
      bits |= (byte & 0x7f) << shift;
      if (byte < 0x80) return static_cast<std::int32_t>((bits >> 1) ^ (0U - (bits & 1U)));
    }
    throw_damaged_headers();
  }

  Bytes take(std::size_t size) {
    if (size > rest_.size()) throw_damaged_headers();
    const Bytes taken = rest_.first(size);
    rest_ = rest_.without_first(size);
    return taken;
  }

  std::size_t size() {
    const std::int32_t size = varint();
    if (size < 0) throw_damaged_headers();
    return static_cast<std::size_t>(size);
  }

  [[nodiscard]] Bytes rest() const noexcept { return rest_; }

 private:
  Bytes rest_;
};

StoredValue split_timestamped(Bytes stored) {
  if (stored.size() < time_size) {
    throw StateStoreError("a row of a timestamped store starts with " + std::to_string(time_size) +
                          " bytes of time; this one has " + std::to_string(stored.size()) +
                          " bytes in all");
  }
  return {stored.without_first(time_size), Timestamp{load_big_endian<std::int64_t>(stored.data())}};
}

}  // namespace

StoredValue split_stored(ValueLayout layout, Bytes stored, Timestamp fallback) {
  Bytes headers;
  if (has_headers(layout)) {
    Reader reader{stored};
    headers = reader.take(reader.size());
    stored = reader.rest();
  }
  StoredValue value = has_time(layout) ? split_timestamped(stored) : StoredValue{stored, fallback};
  value.headers = headers;
  return value;
}

std::size_t stored_headers_size(Bytes stored) {
  Reader reader{stored};
  static_cast<void>(reader.take(reader.size()));
  return stored.size() - reader.rest().size();
}

void append_stored_prefix(ValueLayout layout, Timestamp timestamp, const Headers& headers,
                          ByteBuffer& out) {
  if (has_headers(layout)) {
    append_varint(out, static_cast<std::int32_t>(encoded_headers_size(headers)));
    append_encoded(out, headers);
  }
  if (has_time(layout)) append_big_endian(out, timestamp.milliseconds());
}

void append_stored(ValueLayout layout, Bytes value, Timestamp timestamp, const Headers& headers,
                   ByteBuffer& out) {
  append_stored_prefix(layout, timestamp, headers, out);
  out.append(value);
}

std::size_t stored_size(ValueLayout layout, std::size_t value_size,
                        const Headers& headers) noexcept {
  const std::size_t headers_size =
      has_headers(layout) ? sized_size(encoded_headers_size(headers)) : 0;
  return headers_size + (has_time(layout) ? time_size : 0) + value_size;
}

void decode_headers(Bytes encoded, Headers& headers) {
  headers.clear();
  if (encoded.empty()) return;
  Reader reader{encoded};
  for (std::size_t left = reader.size(); left > 0; --left) {
    std::string key{reader.take(reader.size()).text()};
    const std::int32_t size = reader.varint();
    std::optional<ByteBuffer> value;
    if (size >= 0) {
      value.emplace(reader.take(static_cast<std::size_t>(size)));
    } else if (size != null_header) {
      throw_damaged_headers();
    }
    headers.add(std::move(key), std::move(value));
  }
}

}  // namespace moldau::inline v0::state
