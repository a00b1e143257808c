#pragma once

#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/storage.h"
#include "moldau/state/store_spec.h"

#include "state/open_iterators.h"
#include "state/row_table.h"
#include "state/store_metrics.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace moldau::inline v0::state {

// The bottom of every store: uncommitted writes in memory above a StorageMap, which holds nothing
// but what was committed. Rows that were read or written of late are answered from memory.
class OverlayStore final : public KeyValueBytesStore {
 public:
  // `clean_budget`: bytes of committed rows to keep at hand.
  OverlayStore(StoreSpec spec, std::unique_ptr<StorageMap> storage, std::size_t clean_budget,
               StoreMetrics metrics, std::unique_ptr<OpenIterators> iterators);
  ~OverlayStore() override;

  [[nodiscard]] std::string_view name() const override { return spec_.name; }
  [[nodiscard]] const StoreSpec& spec() const override { return spec_; }

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void flush_cache() override {}
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override;
  void rollback() override;
  [[nodiscard]] std::size_t uncommitted_bytes() const override { return rows_.dirty_bytes(); }
  [[nodiscard]] std::optional<ChangelogPosition> committed_position() const override;

  bool get(Bytes key, ByteBuffer& value) override;
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;
  [[nodiscard]] std::uint64_t approximate_entries() override;
  [[nodiscard]] OpenIterators* open_iterators() override { return iterators_.get(); }
  [[nodiscard]] bool cached() const override { return false; }
  void set_flush_listener(FlushListener& listener, bool wants_old_values) override;

  // For the layers that arrange rows in segments.

  // restore() with the records as the rows they become.
  void restore_rows(std::span<const StorageWrite> writes, std::size_t records,
                    const ChangelogPosition& reached);
  // For a restore() that was put and committed.
  void note_restored(std::size_t records);
  // put() of a deletion of what was never committed: leaves nothing behind. REQUIRES: that.
  void take_back(Bytes key);
  // Deletes the rows from one key up to another, which is left out: those that are committed at the
  // next commit, those that are not at once. Looks at what is not committed only, so that rows that
  // stay cost nothing. REQUIRES: none of these keys is read or written any more, for a committed
  // row that memory holds is found there until other rows push it out.
  void erase_range(Bytes from, Bytes up_to);

 private:
  struct ErasedRange {
    ByteBuffer from;
    ByteBuffer up_to;
  };
  void apply(const std::optional<ChangelogPosition>& position);

  StoreSpec spec_;
  std::unique_ptr<StorageMap> storage_;
  RowTable rows_;
  std::vector<ErasedRange> erased_;
  std::vector<StorageWrite> writes_;  // filled at a commit; kept for its memory
  StoreMetrics metrics_;
  std::unique_ptr<OpenIterators> iterators_;
};

}  // namespace moldau::inline v0::state
