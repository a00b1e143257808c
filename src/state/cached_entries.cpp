#include "state/cached_entries.h"

#include <utility>

namespace moldau::inline v0::state {

namespace {

// Removed entries that are kept for new keys, with the memory they have.
constexpr std::size_t most_spare_entries = 1024;
// More memory than that is not worth keeping with a spare entry.
constexpr std::size_t largest_spare_entry = 512;

// What the reference counts for an entry besides its bytes: three references of the list, the dirty
// mark, timestamp, offset and partition.
constexpr std::size_t entry_overhead = 3 * 8 + 1 + 8 + 8 + 4;

std::size_t size_of(const Headers& headers) noexcept {
  std::size_t size = 0;
  for (const Header& header : headers) {
    size += header.key.size() + (header.value ? header.value->size() : 0);
  }
  return size;
}

std::size_t size_of(Bytes key, std::optional<Bytes> value) noexcept {
  return entry_overhead + key.size() + (value ? value->size() : 0);
}

}  // namespace

const CachedEntry* CachedEntries::use(Bytes key) {
  const auto at = entries_.find(key);
  if (at == entries_.end()) return nullptr;
  CachedEntry& entry = **at;
  by_use_.remove(entry);
  by_use_.push_back(entry);
  return &entry;
}

void CachedEntries::write(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  const auto at = entries_.find(key);
  CachedEntry& entry = at != entries_.end() ? **at : insert(key);
  entry.set_value(value);
  entry.context.timestamp = context.timestamp;
  entry.context.headers = *context.headers;
  entry.context.topic = &intern(context.metadata.topic);
  entry.context.partition = context.metadata.partition;
  entry.context.offset = context.metadata.offset;
  charge(entry, size_of(key, value) + context.metadata.topic.size() + size_of(*context.headers));
  by_use_.remove(entry);
  by_use_.push_back(entry);
  mark_dirty(entry);
}

void CachedEntries::remember(Bytes key, Bytes stored) {
  CachedEntry& entry = insert(key);
  entry.set_value(stored);
  charge(entry, size_of(key, stored));
}

void CachedEntries::remove(const CachedEntry& entry) {
  const auto at = entries_.find(entry.key());
  CachedEntry& mine = **at;
  if (mine.dirty) mark_clean(mine);
  if (order_wanted_ && order_ == CachedOrder::all) index_.remove(mine);
  charge(mine, 0);
  by_use_.remove(mine);
  std::unique_ptr<CachedEntry> spare = std::move(entries_.extract(at).value());
  if (spare_.size() < most_spare_entries && spare->memory() <= largest_spare_entry) {
    spare_.push_back(std::move(spare));
  }
}

void CachedEntries::take_context(const CachedEntry& entry, OwnedContext& context) {
  CachedEntry& mine = **entries_.find(entry.key());
  std::swap(context, mine.context);
  mine.context.headers.clear();
  if (mine.dirty) mark_clean(mine);
}

const RowIndex& CachedEntries::ordered() {
  if (order_wanted_) return index_;
  order_wanted_ = true;
  for (const auto& entry : entries_) {
    if (entry->dirty || order_ == CachedOrder::all) index_.add(*entry);
  }
  return index_;
}

void CachedEntries::clear() {
  // The budget is shared: without entries there is nothing to say to it.
  if (entries_.empty()) return;
  for (const auto& entry : entries_) budget_.release(entry->charged);
  index_.clear();
  dirty_.clear();
  by_use_.clear();
  entries_.clear();
}

CachedEntry& CachedEntries::insert(Bytes key) {
  std::unique_ptr<CachedEntry> entry;
  if (spare_.empty()) {
    entry = std::make_unique<CachedEntry>();
  } else {
    entry = std::move(spare_.back());
    spare_.pop_back();
  }
  entry->set_key(key);
  CachedEntry& inserted = **entries_.insert(std::move(entry)).first;
  by_use_.push_back(inserted);
  if (order_wanted_ && order_ == CachedOrder::all) index_.add(inserted);
  return inserted;
}

void CachedEntries::mark_dirty(CachedEntry& entry) {
  if (entry.dirty) {
    dirty_.remove(entry);
  } else {
    entry.dirty = true;
    if (order_wanted_ && order_ == CachedOrder::dirty) index_.add(entry);
  }
  dirty_.push_back(entry);
  entry.written_at = ++writes_;
}

void CachedEntries::mark_clean(CachedEntry& entry) {
  entry.dirty = false;
  dirty_.remove(entry);
  if (order_wanted_ && order_ == CachedOrder::dirty) index_.remove(entry);
}

void CachedEntries::charge(CachedEntry& entry, std::size_t bytes) {
  budget_.release(entry.charged);
  budget_.charge(bytes);
  entry.charged = bytes;
}

const std::string& CachedEntries::intern(std::string_view topic) {
  if (last_topic_ != nullptr && *last_topic_ == topic) return *last_topic_;
  for (const std::string& known : topics_) {
    if (known != topic) continue;
    last_topic_ = &known;
    return known;
  }
  last_topic_ = &topics_.emplace_back(topic);
  return *last_topic_;
}

}  // namespace moldau::inline v0::state
