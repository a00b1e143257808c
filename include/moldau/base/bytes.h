#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace moldau::inline v0 {

// A view of bytes that somebody else owns. It is never null: where bytes may be absent, the type is
// std::optional<Bytes>, because Kafka tells an absent value from an empty one. Compares byte by
// byte, unsigned: the order of RocksDB and of Kafka Streams' stores.
class Bytes {
 public:
  constexpr Bytes() noexcept = default;
  Bytes(const void* data, std::size_t size) noexcept
      : text_(static_cast<const char*>(data), size) {}
  // The bytes of a text. Explicit, so that a text is not taken for a serialised value by accident.
  constexpr explicit Bytes(std::string_view text) noexcept : text_(text) {}

  [[nodiscard]] const std::byte* data() const noexcept {
    return reinterpret_cast<const std::byte*>(text_.data());
  }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] constexpr bool empty() const noexcept { return text_.empty(); }
  // REQUIRES: index < size().
  [[nodiscard]] std::byte operator[](std::size_t index) const noexcept { return data()[index]; }

  // The same bytes as characters.
  [[nodiscard]] constexpr std::string_view text() const noexcept { return text_; }

  // REQUIRES: count <= size().
  [[nodiscard]] constexpr Bytes first(std::size_t count) const noexcept {
    return Bytes{std::string_view{text_.data(), count}};
  }
  [[nodiscard]] constexpr Bytes last(std::size_t count) const noexcept {
    return Bytes{std::string_view{text_.data() + (text_.size() - count), count}};
  }
  [[nodiscard]] constexpr Bytes without_first(std::size_t count) const noexcept {
    return last(size() - count);
  }

  [[nodiscard]] bool starts_with(Bytes prefix) const noexcept {
    return text_.starts_with(prefix.text_);
  }

  friend bool operator==(Bytes a, Bytes b) noexcept { return a.text_ == b.text_; }
  // std::char_traits<char> compares as unsigned char.
  friend std::strong_ordering operator<=>(Bytes a, Bytes b) noexcept {
    return a.text_.compare(b.text_) <=> 0;
  }

 private:
  std::string_view text_;
};

// Bytes that this object owns. Cleared and filled again it keeps its memory, so a buffer that lives
// as long as its user allocates only while it still grows.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  explicit ByteBuffer(Bytes bytes) : text_(bytes.text()) {}

  // NOLINTNEXTLINE(google-explicit-constructor): a buffer may always be read as its bytes.
  operator Bytes() const noexcept { return Bytes{std::string_view{text_}}; }
  [[nodiscard]] Bytes bytes() const noexcept { return *this; }

  [[nodiscard]] std::byte* data() noexcept { return reinterpret_cast<std::byte*>(text_.data()); }
  [[nodiscard]] const std::byte* data() const noexcept {
    return reinterpret_cast<const std::byte*>(text_.data());
  }
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return text_.capacity(); }

  void clear() noexcept { text_.clear(); }
  void reserve(std::size_t size) { text_.reserve(size); }
  // New bytes are zero.
  void resize(std::size_t size) { text_.resize(size); }

  void assign(Bytes bytes) { text_.assign(bytes.text()); }
  void append(Bytes bytes) { text_.append(bytes.text()); }
  void append(std::byte byte) { text_.push_back(static_cast<char>(byte)); }

  // The bytes as an owned text; the buffer is empty afterwards.
  [[nodiscard]] std::string take_text() noexcept { return std::exchange(text_, {}); }

  friend bool operator==(const ByteBuffer& a, const ByteBuffer& b) noexcept = default;
  friend std::strong_ordering operator<=>(const ByteBuffer& a, const ByteBuffer& b) noexcept {
    return a.bytes() <=> b.bytes();
  }

 private:
  std::string text_;  // a std::string for its small-buffer form: most keys need no allocation
};

}  // namespace moldau::inline v0

template <>
struct std::hash<moldau::Bytes> {
  std::size_t operator()(moldau::Bytes bytes) const noexcept {
    return std::hash<std::string_view>{}(bytes.text());
  }
};
template <>
struct std::hash<moldau::ByteBuffer> {
  std::size_t operator()(const moldau::ByteBuffer& buffer) const noexcept {
    return std::hash<moldau::Bytes>{}(buffer);
  }
};
