#include "micro/input.h"

#include "moldau/base/big_endian.h"

#include <algorithm>

namespace benchmarks {

Input::Input(std::int64_t keys) {
  value_.fill(std::byte{'v'});
  keys_.resize(static_cast<std::size_t>(keys));
  moldau::ByteBuffer bytes;
  for (std::int64_t key = 0; key < keys; ++key) {
    bytes.clear();
    moldau::append_big_endian(bytes, key);
    std::copy_n(bytes.data(), bytes.size(), keys_[static_cast<std::size_t>(key)].begin());
  }
}

void Input::append(const Key& key, moldau::Offset offset,
                   std::vector<moldau::kafka::FetchedRecord>& into) const {
  into.emplace_back(moldau::RawRecord{.key = moldau::Bytes{key.data(), key.size()},
                                      .value = moldau::Bytes{value_.data(), value_.size()},
                                      .timestamp = moldau::Timestamp{offset.value()},
                                      .offset = offset},
                    moldau::Headers{}, nullptr, [](void*) noexcept {});
}

void Input::append(std::size_t count, std::vector<moldau::kafka::FetchedRecord>& into) {
  for (std::size_t i = 0; i < count; ++i) {
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    append(keys_[random_ % keys_.size()], next_, into);
    next_ = next_ + 1;
  }
}

void Input::append_each_key(std::vector<moldau::kafka::FetchedRecord>& into) const {
  moldau::Offset offset{0};
  for (const Key& key : keys_) {
    append(key, offset, into);
    offset = offset + 1;
  }
}

}  // namespace benchmarks
