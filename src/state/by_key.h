#pragma once

#include "moldau/base/bytes.h"

#include "state/row.h"

#include <absl/hash/hash.h>
#include <absl/strings/string_view.h>

#include <cstddef>
#include <memory>

namespace moldau::inline v0::state {

// Hash and equality of owned rows by their keys, for tables that are asked with a key alone.
inline Bytes key_of(Bytes key) noexcept { return key; }
template <class R>
Bytes key_of(const std::unique_ptr<R>& row) noexcept {
  return row->key();
}

struct HashOfKey {
  using is_transparent = void;
  template <class T>
  std::size_t operator()(const T& row) const noexcept {
    const Bytes key = key_of(row);
    return absl::Hash<absl::string_view>{}({key.text().data(), key.size()});
  }
};

struct EqualKeys {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(const A& a, const B& b) const noexcept {
    return key_of(a) == key_of(b);
  }
};

}  // namespace moldau::inline v0::state
