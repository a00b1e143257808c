#pragma once

#include "moldau/base/bytes.h"
#include "moldau/state/storage.h"

#include "state/by_key.h"
#include "state/row.h"
#include "state/row_index.h"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace moldau::inline v0::state {

// The rows of a store that are in memory: those written since the last commit (dirty), all of them,
// and as many of the others (clean) as a budget allows, the recently used ones first. A clean row
// repeats what the storage holds; that it holds nothing for a key is remembered as well.
//
// Writing a row that is here allocates nothing unless its value has outgrown its memory. The order
// of the dirty rows is kept from the moment somebody asks for it: a store that is never gone over
// pays for one look-up per access and no more. Used on one thread.
class RowTable {
 public:
  explicit RowTable(std::size_t clean_budget) : clean_budget_(clean_budget) {}
  ~RowTable();
  RowTable(const RowTable&) = delete;
  RowTable& operator=(const RowTable&) = delete;

  // nullptr: nothing is known of that key. Valid until the next call that is not const.
  [[nodiscard]] const Row* find(Bytes key);

  // nullopt: a deletion, which hides what is below.
  void write(Bytes key, std::optional<Bytes> value);

  // Deletes a row of which the storage has nothing: there will be nothing to write, and nothing for
  // who goes over a range.
  void take_back(Bytes key);

  // Remembers what the storage said. REQUIRES: find(key) gave nullptr.
  void remember(Bytes key, std::optional<Bytes> stored);

  [[nodiscard]] bool has_dirty() const noexcept { return !dirty_.empty(); }
  // Appends the dirty rows, as views of them, in the order in which they were first written.
  void collect_dirty(std::vector<StorageWrite>& out) const;
  [[nodiscard]] std::size_t dirty_rows() const noexcept { return dirty_.size(); }
  [[nodiscard]] std::size_t dirty_bytes() const noexcept { return dirty_bytes_; }
  [[nodiscard]] std::size_t clean_bytes() const noexcept { return clean_bytes_; }

  // The dirty rows by key. Valid while the table lives.
  [[nodiscard]] const RowIndex& ordered();

  // The storage has taken the dirty rows: they are clean now.
  void mark_clean();

  // Forgets that the rows for whose key `gone` is true were written, and what was written: as if
  // the storage had nothing for their keys. Asks for each dirty row, and leaves clean ones as they
  // are.
  template <class Gone>
  void forget_dirty(Gone gone);

  void clear();

 private:
  struct Slot : Row {
    std::size_t charged = 0;
    Slot* next = nullptr;  // in the queue, or among the spare ones
    bool dirty = false;
    bool taken_back = false;  // dirty, but there is nothing to write
    bool used = false;        // since it came to the end of the queue
    bool queued = false;      // dirty rows may still be, and leave when their turn comes
  };
  void turn_clean(Slot& slot);
  [[nodiscard]] Slot& insert(Bytes key);
  [[nodiscard]] std::unique_ptr<Slot> spare_or_new();
  void keep_spare(std::unique_ptr<Slot> slot);
  [[nodiscard]] static std::size_t memory(const Slot& slot) noexcept;
  void enqueue(Slot& slot);
  [[nodiscard]] Slot* dequeue();
  void evict();

  std::size_t clean_budget_;
  absl::flat_hash_set<std::unique_ptr<Slot>, HashOfKey, EqualKeys> rows_;
  std::vector<Slot*> dirty_;
  std::size_t dirty_bytes_ = 0;
  std::size_t clean_bytes_ = 0;
  bool order_wanted_ = false;
  RowIndex index_;  // of the dirty rows, if order_wanted_
  // Clean rows wait here to be evicted; one that was used meanwhile goes round once more.
  Slot* queue_head_ = nullptr;
  Slot* queue_tail_ = nullptr;
  std::vector<std::unique_ptr<Slot>> spare_;
};

template <class Gone>
void RowTable::forget_dirty(Gone gone) {
  std::erase_if(dirty_, [&](Slot* slot) {
    if (!gone(slot->key())) return false;
    if (order_wanted_ && !slot->taken_back) index_.remove(*slot);
    slot->set_value(std::nullopt);
    slot->used = false;  // nobody asks for it again: it goes when its turn comes
    dirty_bytes_ -= slot->charged;
    turn_clean(*slot);
    return true;
  });
  evict();
}

}  // namespace moldau::inline v0::state
