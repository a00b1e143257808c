#pragma once

#include "moldau/base/bytes.h"

#include "state/row_bytes.h"

#include <cstddef>
#include <optional>

namespace moldau::inline v0::state {

// A key with its value, or with the word that there is none. Key and value lie in one piece of
// memory, which is kept when the value is replaced by one that fits. Stays where it is.
class Row {
 public:
  Row() = default;
  explicit Row(Bytes key) { set_key(key); }

  // Forgets the value.
  void set_key(Bytes key) {
    bytes_.cut(0);
    bytes_.append(key);
    key_size_ = key.size();
    present_ = false;
  }
  // `value` must not lie within this row.
  void set_value(std::optional<Bytes> value) {
    bytes_.cut(key_size_);
    present_ = value.has_value();
    if (present_) bytes_.append(*value);
  }

  [[nodiscard]] Bytes key() const noexcept { return bytes_.bytes().first(key_size_); }
  [[nodiscard]] bool present() const noexcept { return present_; }
  // REQUIRES: present().
  [[nodiscard]] Bytes present_value() const noexcept {
    return bytes_.bytes().without_first(key_size_);
  }
  [[nodiscard]] std::optional<Bytes> value() const noexcept {
    return present_ ? std::optional{present_value()} : std::nullopt;
  }

  // Memory held, this object left out.
  [[nodiscard]] std::size_t memory() const noexcept { return bytes_.outside(); }

 private:
  RowBytes bytes_;  // the key, then the value
  std::size_t key_size_ = 0;
  bool present_ = false;
};

}  // namespace moldau::inline v0::state
