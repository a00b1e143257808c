#include "state/cached_range.h"

#include "state/caching_store.h"

namespace moldau::inline v0::state {

CachedRange::CachedRange(CachingStore& store, const ByteRange& range, Direction direction)
    : store_(store),
      range_(range),
      direction_(direction),
      seen_(store.flushed_entries()),
      entries_(store.merged(range, direction)) {}

void CachedRange::next() {
  if (seen_ == store_.flushed_entries()) return entries_->next();
  seen_ = store_.flushed_entries();
  ByteBuffer key{entries_->key()};
  if (direction_ == Direction::forward) {
    key.append(std::byte{0});  // the smallest key behind it
    range_.from = std::move(key);
  } else {
    range_.to = std::move(key);
    range_.to_exclusive = true;
  }
  entries_ = store_.merged(range_, direction_);
}

}  // namespace moldau::inline v0::state
