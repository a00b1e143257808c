#include "state/row_index.h"

#include <iterator>

namespace moldau::inline v0::state {

void RowIndex::add(const Row& row) {
  rows_.insert(&row);
  ++version_;
}

void RowIndex::remove(const Row& row) {
  rows_.erase(&row);
  ++version_;
}

void RowIndex::clear() {
  rows_.clear();
  ++version_;
}

RowCursor::RowCursor(const RowIndex& index, const ByteRange& range, Direction direction)
    : index_(index), range_(range), direction_(direction), version_(index.version_) {
  seek(std::nullopt);
}

void RowCursor::seek(std::optional<Bytes> last) {
  const RowIndex::Rows& rows = index_.rows_;
  if (forward()) {
    if (last) {
      at_ = rows.upper_bound(*last);
    } else {
      at_ = range_.from ? rows.lower_bound(range_.from->bytes()) : rows.begin();
    }
  } else if (last) {
    at_ = rows.lower_bound(*last);
  } else if (range_.to) {
    const Bytes to = *range_.to;
    at_ = range_.to_exclusive ? rows.lower_bound(to) : rows.upper_bound(to);
  } else {
    at_ = rows.end();
  }
}

const Row* RowCursor::peek(std::optional<Bytes> last) {
  if (version_ != index_.version_) {
    version_ = index_.version_;
    seek(last);
  }
  if (at_ == (forward() ? index_.rows_.end() : index_.rows_.begin())) return nullptr;
  const Row* row = forward() ? *at_ : *std::prev(at_);
  return range_.contains(row->key()) ? row : nullptr;
}

void RowCursor::advance() {
  if (forward()) {
    ++at_;
  } else {
    --at_;
  }
}

}  // namespace moldau::inline v0::state
