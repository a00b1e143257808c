#include "state/row_table.h"

#include <utility>

namespace moldau::inline v0::state {

namespace {

// Evicted rows that are kept for new keys, with the memory they have.
constexpr std::size_t most_spare_rows = 1024;
// More memory than that is not worth keeping with a spare row.
constexpr std::size_t largest_spare_row = 512;
// A row that would push so many others out is not remembered.
constexpr std::size_t largest_share_of_budget = 8;

}  // namespace

RowTable::~RowTable() = default;

std::size_t RowTable::memory(const Slot& slot) noexcept {
  // A hash table that is half to seven eighths full spends up to two pointers a row.
  return sizeof(Slot) + 2 * sizeof(void*) + slot.memory();
}

const Row* RowTable::find(Bytes key) {
  const auto at = rows_.find(key);
  if (at == rows_.end()) return nullptr;
  Slot& slot = **at;
  // Written once, so that reading a hot row leaves its memory alone.
  if (!slot.used) slot.used = true;
  return &slot;
}

void RowTable::write(Bytes key, std::optional<Bytes> value) {
  const auto at = rows_.find(key);
  Slot& slot = at != rows_.end() ? **at : insert(key);
  slot.set_value(value);
  const std::size_t now = memory(slot);
  if (slot.taken_back) {
    slot.taken_back = false;
    if (order_wanted_) index_.add(slot);
  }
  if (slot.dirty) {
    dirty_bytes_ += now - slot.charged;
    slot.charged = now;
    return;
  }
  if (slot.queued) clean_bytes_ -= slot.charged;
  slot.dirty = true;
  slot.used = true;
  slot.charged = now;
  dirty_bytes_ += now;
  dirty_.push_back(&slot);
  if (order_wanted_) index_.add(slot);
}

void RowTable::take_back(Bytes key) {
  const auto at = rows_.find(key);
  if (at == rows_.end()) return;
  Slot& slot = **at;
  if (!slot.dirty || slot.taken_back) return;
  slot.set_value(std::nullopt);
  slot.taken_back = true;
  if (order_wanted_) index_.remove(slot);
}

void RowTable::remember(Bytes key, std::optional<Bytes> stored) {
  const std::size_t size = key.size() + (stored ? stored->size() : 0);
  if (size > clean_budget_ / largest_share_of_budget) return;
  Slot& slot = insert(key);
  slot.set_value(stored);
  slot.charged = memory(slot);
  clean_bytes_ += slot.charged;
  enqueue(slot);
  evict();
}

RowTable::Slot& RowTable::insert(Bytes key) {
  std::unique_ptr<Slot> slot = spare_or_new();
  slot->set_key(key);
  return **rows_.insert(std::move(slot)).first;
}

std::unique_ptr<RowTable::Slot> RowTable::spare_or_new() {
  if (spare_.empty()) return std::make_unique<Slot>();
  std::unique_ptr<Slot> slot = std::move(spare_.back());
  spare_.pop_back();
  return slot;
}

void RowTable::keep_spare(std::unique_ptr<Slot> slot) {
  if (spare_.size() >= most_spare_rows || slot->memory() > largest_spare_row) return;
  slot->used = false;
  spare_.push_back(std::move(slot));
}

void RowTable::collect_dirty(std::vector<StorageWrite>& out) const {
  for (const Slot* slot : dirty_) {
    if (!slot->taken_back) out.push_back({slot->key(), slot->value()});
  }
}

const RowIndex& RowTable::ordered() {
  if (!order_wanted_) {
    order_wanted_ = true;
    for (const Slot* row : dirty_) {
      if (!row->taken_back) index_.add(*row);
    }
  }
  return index_;
}

void RowTable::mark_clean() {
  if (!index_.empty()) index_.clear();
  for (Slot* slot : dirty_) turn_clean(*slot);
  dirty_.clear();
  dirty_bytes_ = 0;
  evict();
}

void RowTable::turn_clean(Slot& slot) {
  slot.dirty = false;
  slot.taken_back = false;
  clean_bytes_ += slot.charged;
  if (!slot.queued) enqueue(slot);
}

void RowTable::clear() {
  if (!index_.empty()) index_.clear();
  rows_.clear();
  dirty_.clear();
  dirty_bytes_ = 0;
  clean_bytes_ = 0;
  queue_head_ = nullptr;
  queue_tail_ = nullptr;
}

void RowTable::enqueue(Slot& slot) {
  slot.queued = true;
  slot.next = nullptr;
  if (queue_tail_ != nullptr) {
    queue_tail_->next = &slot;
  } else {
    queue_head_ = &slot;
  }
  queue_tail_ = &slot;
}

RowTable::Slot* RowTable::dequeue() {
  Slot* slot = queue_head_;
  if (slot == nullptr) return nullptr;
  queue_head_ = slot->next;
  if (queue_head_ == nullptr) queue_tail_ = nullptr;
  slot->queued = false;
  return slot;
}

void RowTable::evict() {
  while (clean_bytes_ > clean_budget_) {
    Slot* slot = dequeue();
    if (slot == nullptr) return;
    if (slot->dirty) continue;
    if (slot->used) {
      slot->used = false;
      enqueue(*slot);
      continue;
    }
    clean_bytes_ -= slot->charged;
    keep_spare(std::move(rows_.extract(slot->key()).value()));
  }
}

}  // namespace moldau::inline v0::state
