#pragma once

#include "state/by_key.h"
#include "state/linked_list.h"
#include "state/row.h"
#include "state/store_layer.h"

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace moldau::inline v0::state {

// Keeps the entries that were used last: one more than the spec allows deletes the one used longest
// ago, in the changelog as well. Reading an entry is using it, going over a range is not.
class LruStore final : public StoreLayer {
 public:
  LruStore(std::unique_ptr<KeyValueBytesStore> below, std::size_t max_entries);
  ~LruStore() override;

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void rollback() override;

  bool get(Bytes key, ByteBuffer& value) override;
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::uint64_t approximate_entries() override { return entries_.size(); }

 private:
  // Only a key: the value is below.
  struct Entry : Row {
    using Row::Row;
    Entry* newer = nullptr;
    Entry* older = nullptr;
  };

  // Makes the entry the one used last, adding it if there is none.
  void use(Bytes key);
  void forget(Bytes key);
  // Makes the list one of exactly the entries below. Those it knows keep their order.
  void load();

  std::size_t max_entries_;
  absl::flat_hash_set<std::unique_ptr<Entry>, HashOfKey, EqualKeys> entries_;
  LinkedList<Entry, &Entry::newer, &Entry::older> by_use_;  // the eldest first
};

}  // namespace moldau::inline v0::state
