#include "state/merged_iterator.h"

#include <utility>

namespace moldau::inline v0::state {

MergedIterator::MergedIterator(std::unique_ptr<BytesIterator> below, const RowIndex& above,
                               ByteRange range, Direction direction)
    : range_(std::move(range)),
      direction_(direction),
      below_(std::move(below)),
      above_(above, range_, direction) {
  settle(std::nullopt);
}

bool MergedIterator::before(Bytes a, Bytes b) const {
  return direction_ == Direction::forward ? a < b : b < a;
}

void MergedIterator::settle(std::optional<Bytes> last) {
  for (const Row* row = above_.peek(last); row != nullptr; row = above_.peek(last)) {
    if (below_->valid() && before(below_->key(), row->key())) break;
    // The row comes first, or hides the entry below.
    if (below_->valid() && below_->key() == row->key()) below_->next();
    above_.advance();
    if (row->present()) return show(row->key(), row->present_value());
  }
  valid_ = false;
  if (!below_->valid() || !range_.contains(below_->key())) return;
  show(below_->key(), below_->value());
  below_->next();
}

void MergedIterator::show(Bytes key, Bytes value) {
  key_.assign(key);
  value_.assign(value);
  valid_ = true;
}

}  // namespace moldau::inline v0::state
