#pragma once

#include "moldau/base/bytes.h"
#include "moldau/state/key_value_bytes_store.h"

#include "state/row_index.h"

#include <memory>
#include <optional>

namespace moldau::inline v0::state {

// The entries below with the rows above laid over them: a row hides the entry of its key, and a row
// without a value both. The entry shown is a copy, so rows may change while it is looked at.
class MergedIterator final : public BytesIterator {
 public:
  // `below` goes over the same range in the same direction; that it does is not relied upon.
  MergedIterator(std::unique_ptr<BytesIterator> below, const RowIndex& above, ByteRange range,
                 Direction direction);

  [[nodiscard]] bool valid() const override { return valid_; }
  [[nodiscard]] Bytes key() const override { return key_; }
  [[nodiscard]] Bytes value() const override { return value_; }
  void next() override { settle(key_.bytes()); }

 private:
  // Shows the first entry behind `last`.
  void settle(std::optional<Bytes> last);
  [[nodiscard]] bool before(Bytes a, Bytes b) const;
  void show(Bytes key, Bytes value);

  ByteRange range_;
  Direction direction_;
  std::unique_ptr<BytesIterator> below_;
  RowCursor above_;  // refers to range_
  bool valid_ = false;
  ByteBuffer key_;
  ByteBuffer value_;
};

}  // namespace moldau::inline v0::state
