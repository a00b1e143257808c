#pragma once

#include "moldau/base/bytes.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>

namespace moldau::inline v0::state {

// Bytes that lie within this object as long as they are few: enough for the row of a window with a
// short key and a number, so that such a row is one allocation with its object. Cleared and filled
// again it keeps its memory. For objects that stay where they are: neither copied nor moved.
class RowBytes {
 public:
  RowBytes() = default;
  RowBytes(const RowBytes&) = delete;
  RowBytes& operator=(const RowBytes&) = delete;

  [[nodiscard]] Bytes bytes() const noexcept { return {data(), size_}; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // Memory held outside of this object.
  [[nodiscard]] std::size_t outside() const noexcept { return outside_ ? capacity_ : 0; }

  // REQUIRES: size <= size().
  void cut(std::size_t size) noexcept { size_ = size; }
  // `bytes` must not lie within this.
  void append(Bytes bytes) {
    if (bytes.empty()) return;
    const std::size_t size = size_ + bytes.size();
    if (size > capacity_) grow(size);
    std::memcpy(data() + size_, bytes.data(), bytes.size());
    size_ = size;
  }

 private:
  static constexpr std::size_t within_size = 56;

  [[nodiscard]] std::byte* data() noexcept { return outside_ ? outside_.get() : within_.data(); }
  [[nodiscard]] const std::byte* data() const noexcept {
    return outside_ ? outside_.get() : within_.data();
  }

  void grow(std::size_t size) {
    // A row that has grown is one that grows; a new one gets what it needs.
    const std::size_t capacity = outside_ ? std::max(size, 2 * capacity_) : size;
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    std::memcpy(larger.get(), data(), size_);
    outside_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<std::byte[]> outside_;  // nullptr: the bytes lie within
  std::size_t size_ = 0;
  std::size_t capacity_ = within_size;
  std::array<std::byte, within_size> within_;
};

}  // namespace moldau::inline v0::state
