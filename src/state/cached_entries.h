#pragma once

#include "moldau/base/bytes.h"
#include "moldau/record/record_metadata.h"

#include "state/by_key.h"
#include "state/cached_entry.h"
#include "state/linked_list.h"
#include "state/record_cache.h"
#include "state/row_index.h"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0::state {

// Which entries CachedEntries::ordered() gives.
enum class CachedOrder : std::uint8_t {
  dirty,  // the others repeat what the store below holds
  all,
};

// The entries of one cached store: which were used last, which are dirty and in what order they
// were last written. Charges the RecordCache for each with the reference's estimate of its size, so
// that both evict at the same moment. Knows nothing of the store below.
class CachedEntries {
 public:
  CachedEntries(RecordCache& budget, CachedOrder order) : budget_(budget), order_(order) {}
  ~CachedEntries() { clear(); }
  CachedEntries(const CachedEntries&) = delete;
  CachedEntries& operator=(const CachedEntries&) = delete;

  // Makes the entry the one used last. nullptr if there is none.
  [[nodiscard]] const CachedEntry* use(Bytes key);

  // Marks the entry dirty: the last one written, the last one used.
  void write(Bytes key, std::optional<Bytes> value, const RecordContext& context);
  // Adds a clean entry. REQUIRES: there is none of that key.
  void remember(Bytes key, Bytes stored);

  // The one used longest ago; nullptr if there is none.
  [[nodiscard]] const CachedEntry* eldest() const noexcept { return by_use_.first(); }
  // Of the dirty ones, the one written longest ago; nullptr if there is none.
  [[nodiscard]] const CachedEntry* first_dirty() const noexcept { return dirty_.first(); }
  // Counts the writes so far: entries up to that CachedEntry::written_at are those of before.
  [[nodiscard]] std::uint64_t writes() const noexcept { return writes_; }

  // Both REQUIRE: `entry` is one of these. Taking a context leaves the entry clean.
  void remove(const CachedEntry& entry);
  void take_context(const CachedEntry& entry, OwnedContext& context);

  // The entries by key. Valid while this lives.
  [[nodiscard]] const RowIndex& ordered();

  void clear();

 private:
  [[nodiscard]] CachedEntry& insert(Bytes key);
  void mark_dirty(CachedEntry& entry);
  void mark_clean(CachedEntry& entry);
  void charge(CachedEntry& entry, std::size_t bytes);
  [[nodiscard]] const std::string& intern(std::string_view topic);

  RecordCache& budget_;
  const CachedOrder order_;
  absl::flat_hash_set<std::unique_ptr<CachedEntry>, HashOfKey, EqualKeys> entries_;
  LinkedList<CachedEntry, &CachedEntry::newer, &CachedEntry::older> by_use_;  // the eldest first
  LinkedList<CachedEntry, &CachedEntry::next_dirty, &CachedEntry::previous_dirty> dirty_;
  std::uint64_t writes_ = 0;
  bool order_wanted_ = false;
  RowIndex index_;  // if order_wanted_
  std::vector<std::unique_ptr<CachedEntry>> spare_;
  std::deque<std::string> topics_;  // the few that the task reads
  const std::string* last_topic_ = nullptr;
};

}  // namespace moldau::inline v0::state
