#pragma once

#include "moldau/base/bytes.h"
#include "moldau/record/raw_record.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/state_store.h"

#include "state/overlay_store.h"
#include "state/row_schema.h"
#include "state/segment_rule.h"
#include "state/segment_set.h"
#include "state/store_layer.h"
#include "state/store_time.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

namespace moldau::inline v0::state {

// Lets the rows of a window or session store go when they are too old.
// Time is the store's own: the highest that was put, deletions included. A put that comes too late
// is refused and counted; rows that are too old do not show; segments of nothing but such rows are
// deleted with the next commit, each kind of row by one deletion of a range.
//
// Keeps the index by time, if the spec asks for one: range() over index keys gives the rows of an
// interval of time in its order, with the values of the rows. It is not in the changelog.
class SegmentedStore final : public StoreLayer {
 public:
  // `drops` outlives this; nullptr: refused rows are not counted.
  SegmentedStore(std::unique_ptr<OverlayStore> rows, DroppedRows* drops);

  [[nodiscard]] const SegmentRule& rule() const noexcept { return rule_; }
  [[nodiscard]] const RowSchema& schema() const noexcept { return schema_; }
  [[nodiscard]] Timestamp time() const noexcept { return time_.time(); }
  // Said before each put at the top of the stack: no row of a later time is in a cache above.
  void expect(Timestamp time) noexcept {
    if (time > latest_) latest_ = time;
  }
  // No row has a later time.
  [[nodiscard]] Timestamp latest() const noexcept { return std::max(latest_, time()); }
  // Which segments may hold rows, those of a cache above left out.
  [[nodiscard]] const SegmentSet& segments() const noexcept { return segments_; }
  // The one segment that holds rows which are too old to show beside rows which are not; -1 if no
  // time is too old.
  [[nodiscard]] std::int64_t hiding_segment() const noexcept;
  // While it lives, the deletions that are put remove what may not be there: one that comes too
  // late is not counted.
  class Removing {
   public:
    explicit Removing(SegmentedStore& store) noexcept : store_(store) { store_.removing_ = true; }
    Removing(const Removing&) = delete;
    Removing& operator=(const Removing&) = delete;
    ~Removing() { store_.removing_ = false; }

   private:
    SegmentedStore& store_;
  };
  // For the put of a store that keeps duplicates: from 1, one more each time.
  [[nodiscard]] std::int32_t next_sequence() noexcept { return time_.next_sequence(); }

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override;
  void rollback() override;

  bool get(Bytes key, ByteBuffer& value) override;
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  // Of a range that is open at its start or end: the data rows.
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;

 private:
  class VisibleRows;
  class IndexedRows;

  void load();
  // Saves the time and gives up what it has made too old.
  void prepare_commit();
  // Whether the put that the record came of moved the store's time.
  [[nodiscard]] bool passes_time(const RawRecord& record) const noexcept;
  void put_row(Bytes row, std::optional<Bytes> value, bool new_time, const RecordContext& context);
  [[nodiscard]] bool visible(Timestamp time) const noexcept;
  [[nodiscard]] std::unique_ptr<BytesIterator> indexed(ByteRange range, Direction direction);

  OverlayStore& rows_;  // the layer below
  SegmentRule rule_;
  RowSchema schema_;
  DroppedRows* drops_;
  StoreTime time_;
  Timestamp latest_ = Timestamp::unknown();
  SegmentSet segments_;
  ByteBuffer index_key_;
  bool removing_ = false;
};

}  // namespace moldau::inline v0::state
