#pragma once

#include "moldau/state/key_value_bytes_store.h"

#include <cstdint>
#include <memory>

namespace moldau::inline v0::state {

class CachingStore;

// Goes over a cached store. Begins anew behind the current key when entries have gone down since,
// because what it had read ahead is old then.
class CachedRange final : public BytesIterator {
 public:
  CachedRange(CachingStore& store, const ByteRange& range, Direction direction);

  [[nodiscard]] bool valid() const override { return entries_->valid(); }
  [[nodiscard]] Bytes key() const override { return entries_->key(); }
  [[nodiscard]] Bytes value() const override { return entries_->value(); }
  void next() override;

 private:
  CachingStore& store_;
  ByteRange range_;
  Direction direction_;
  std::uint64_t seen_;
  std::unique_ptr<BytesIterator> entries_;
};

}  // namespace moldau::inline v0::state
