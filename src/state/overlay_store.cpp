#include "state/overlay_store.h"

#include "moldau/base/assert.h"

#include "state/merged_iterator.h"
#include "state/restored_rows.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::state {

OverlayStore::OverlayStore(StoreSpec spec, std::unique_ptr<StorageMap> storage,
                           std::size_t clean_budget, StoreMetrics metrics,
                           std::unique_ptr<OpenIterators> iterators)
    : spec_(std::move(spec)),
      storage_(std::move(storage)),
      rows_(clean_budget),
      metrics_(metrics),
      iterators_(std::move(iterators)) {}

OverlayStore::~OverlayStore() { metrics_.publish(); }

void OverlayStore::restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) {
  RestoredRows rows{spec_, changelog};
  std::vector<StorageWrite> writes;
  writes.reserve(changelog.size());
  for (const RawRecord& record : changelog) {
    writes.push_back({rows.key(record), rows.value(record)});
  }
  restore_rows(writes, changelog.size(), reached);
}

void OverlayStore::restore_rows(std::span<const StorageWrite> writes, std::size_t records,
                                const ChangelogPosition& reached) {
  MOLDAU_ASSERT(!rows_.has_dirty());
  rows_.clear();
  storage_->apply(writes, reached);
  note_restored(records);
}

void OverlayStore::note_restored(std::size_t records) {
  metrics_.restored(records);
  metrics_.publish();
}

void OverlayStore::erase_range(Bytes from, Bytes up_to) {
  rows_.forget_dirty([&](Bytes key) { return key >= from && key < up_to; });
  erased_.push_back({ByteBuffer{from}, ByteBuffer{up_to}});
}

void OverlayStore::commit(const std::optional<ChangelogPosition>& position) { apply(position); }

void OverlayStore::write_down() { apply(std::nullopt); }

void OverlayStore::apply(const std::optional<ChangelogPosition>& position) {
  metrics_.publish();
  if (!rows_.has_dirty() && erased_.empty() && !position) return;
  writes_.clear();
  for (const ErasedRange& range : erased_) {
    writes_.push_back({range.from, std::nullopt, range.up_to.bytes()});
  }
  const std::size_t first_row = writes_.size();
  rows_.collect_dirty(writes_);
  // RocksDB takes neighbours one after the other faster than the same rows in any order.
  std::ranges::sort(std::span{writes_}.subspan(first_row), {}, &StorageWrite::key);
  storage_->apply(writes_, position);
  rows_.mark_clean();
  erased_.clear();
}

void OverlayStore::rollback() {
  metrics_.publish();
  rows_.clear();
  erased_.clear();
}

std::optional<ChangelogPosition> OverlayStore::committed_position() const {
  return storage_->position();
}

bool OverlayStore::get(Bytes key, ByteBuffer& value) {
  metrics_.got();
  if (const Row* row = rows_.find(key)) {
    if (row->present()) value.assign(row->present_value());
    return row->present();
  }
  metrics_.read_storage();
  const bool found = storage_->get(key, value);
  rows_.remember(key, found ? std::optional{value.bytes()} : std::nullopt);
  return found;
}

void OverlayStore::put(Bytes key, std::optional<Bytes> value, const RecordContext&) {
  if (value) {
    metrics_.put();
  } else {
    metrics_.deleted();
  }
  rows_.write(key, value);
}

void OverlayStore::take_back(Bytes key) {
  metrics_.deleted();
  rows_.take_back(key);
}

std::unique_ptr<BytesIterator> OverlayStore::range(const ByteRange& range, Direction direction) {
  metrics_.ranged();
  return std::make_unique<MergedIterator>(storage_->range(range, direction), rows_.ordered(), range,
                                          direction);
}

std::uint64_t OverlayStore::approximate_entries() {
  return storage_->approximate_entries() + rows_.dirty_rows();
}

void OverlayStore::set_flush_listener(FlushListener&, bool) { MOLDAU_ASSERT(cached()); }

}  // namespace moldau::inline v0::state
