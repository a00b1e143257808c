#pragma once

#include "moldau/base/bytes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace moldau::inline v0 {

struct Header {
  std::string key;
  std::optional<ByteBuffer> value;  // nullopt is a null value, which differs from an empty one

  friend bool operator==(const Header&, const Header&) = default;
};

// The headers of a record, in order; a key may appear more than once. Empty headers own no memory.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> headers) : headers_(headers) {}

  void add(std::string key, std::optional<ByteBuffer> value) {
    headers_.push_back({std::move(key), std::move(value)});
  }
  void add(std::string key, std::string_view value) {
    headers_.push_back({std::move(key), ByteBuffer{Bytes{value}}});
  }
  // Removes every header with that key.
  void remove(std::string_view key) {
    std::erase_if(headers_, [key](const Header& header) { return header.key == key; });
  }
  void clear() noexcept { headers_.clear(); }

  // The last header with that key; nullptr if there is none.
  [[nodiscard]] const Header* last(std::string_view key) const noexcept {
    for (auto it = headers_.rbegin(); it != headers_.rend(); ++it) {
      if (it->key == key) return &*it;
    }
    return nullptr;
  }

  [[nodiscard]] bool empty() const noexcept { return headers_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return headers_.size(); }
  [[nodiscard]] auto begin() const noexcept { return headers_.begin(); }
  [[nodiscard]] auto end() const noexcept { return headers_.end(); }

  friend bool operator==(const Headers&, const Headers&) = default;

 private:
  std::vector<Header> headers_;
};

// The headers of a record that has none. One object, so that a view can always refer to something.
[[nodiscard]] inline const Headers& no_headers() noexcept {
  static const Headers none;
  return none;
}

}  // namespace moldau::inline v0
