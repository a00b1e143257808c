#include "state/lru_store.h"

#include <utility>

namespace moldau::inline v0::state {

LruStore::LruStore(std::unique_ptr<KeyValueBytesStore> below, std::size_t max_entries)
    : StoreLayer(std::move(below)), max_entries_(max_entries) {
  load();
}

LruStore::~LruStore() = default;

bool LruStore::get(Bytes key, ByteBuffer& value) {
  if (!below().get(key, value)) return false;
  use(key);
  return true;
}

void LruStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  if (!value) {
    forget(key);
    return below().put(key, value, context);
  }
  use(key);
  // The eviction is logged first, as in the reference.
  while (entries_.size() > max_entries_) {
    const ByteBuffer eldest{by_use_.first()->key()};
    forget(eldest);
    below().put(eldest, std::nullopt, context);
  }
  below().put(key, value, context);
}

void LruStore::restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) {
  std::vector<RawRecord> records{changelog.begin(), changelog.end()};
  std::vector<ByteBuffer> evicted;
  for (const RawRecord& record : changelog) {
    if (!record.key) continue;  // an error below
    if (record.value) {
      use(*record.key);
    } else {
      forget(*record.key);
    }
  }
  while (entries_.size() > max_entries_) {
    evicted.emplace_back(by_use_.first()->key());
    forget(evicted.back());
  }
  for (const ByteBuffer& key : evicted) {
    records.push_back({.key = key.bytes(), .value = std::nullopt, .timestamp = {}, .offset = {}});
  }
  below().restore(records, reached);
}

void LruStore::rollback() {
  below().rollback();
  load();
}

void LruStore::use(Bytes key) {
  const auto at = entries_.find(key);
  if (at != entries_.end()) {
    by_use_.remove(**at);
    return by_use_.push_back(**at);
  }
  by_use_.push_back(**entries_.insert(std::make_unique<Entry>(key)).first);
}

void LruStore::forget(Bytes key) {
  const auto at = entries_.find(key);
  if (at == entries_.end()) return;
  by_use_.remove(**at);
  entries_.erase(at);
}

void LruStore::load() {
  std::vector<ByteBuffer> order;
  ByteBuffer value;
  for (const Entry* entry = by_use_.first(); entry != nullptr; entry = entry->newer) {
    if (below().get(entry->key(), value)) order.emplace_back(entry->key());
  }
  by_use_.clear();
  entries_.clear();
  for (auto at = below().range(ByteRange::all(), Direction::forward); at->valid(); at->next()) {
    use(at->key());
  }
  for (const ByteBuffer& key : order) use(key);
}

}  // namespace moldau::inline v0::state
