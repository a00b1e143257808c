#include "state/overlay_store.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"

#include "state/merged_iterator.h"
#include "state/value_layout.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::state {

OverlayStore::OverlayStore(std::string name, ValueLayout layout,
                           std::unique_ptr<StorageMap> storage, std::size_t clean_budget,
                           StoreMetrics metrics)
    : name_(std::move(name)),
      layout_(layout),
      storage_(std::move(storage)),
      rows_(clean_budget),
      metrics_(metrics) {}

OverlayStore::~OverlayStore() { metrics_.publish(); }

void OverlayStore::restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) {
  MOLDAU_ASSERT(!rows_.has_dirty());
  std::size_t size = 0;
  for (const RawRecord& record : changelog) {
    if (record.value) size += stored_size(layout_, record.value->size());
  }
  ByteBuffer values;
  values.reserve(size);  // the writes below refer to it
  std::vector<StorageWrite> writes;
  writes.reserve(changelog.size());
  for (const RawRecord& record : changelog) {
    if (!record.key) {
      throw StateStoreError("store \"" + name_ + "\": the changelog record at offset " +
                            std::to_string(record.offset.value()) +
                            " has no key. Something other than this application writes to the "
                            "changelog topic; remove that writer, then the record");
    }
    std::optional<Bytes> stored;
    if (record.value) {
      const std::size_t start = values.size();
      append_stored(layout_, {*record.value, record.timestamp}, values);
      stored = values.bytes().without_first(start);
    }
    writes.push_back({*record.key, stored});
  }
  rows_.clear();
  storage_->apply(writes, reached);
  metrics_.restored(changelog.size());
  metrics_.publish();
}

void OverlayStore::commit(const std::optional<ChangelogPosition>& position) { apply(position); }

void OverlayStore::write_down() { apply(std::nullopt); }

void OverlayStore::apply(const std::optional<ChangelogPosition>& position) {
  metrics_.publish();
  if (!rows_.has_dirty() && !position) return;
  writes_.clear();
  rows_.collect_dirty(writes_);
  // RocksDB takes neighbours one after the other faster than the same rows in any order.
  std::ranges::sort(writes_, {}, &StorageWrite::key);
  storage_->apply(writes_, position);
  rows_.mark_clean();
}

void OverlayStore::rollback() {
  metrics_.publish();
  rows_.clear();
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
