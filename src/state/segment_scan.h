#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/shared_access.h"
#include "moldau/state/window_rows.h"

#include "state/row_schema.h"
#include "state/segment_rule.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace moldau::inline v0::state {

class SegmentedStore;

// Goes over the data rows of some keys and some time, segment by segment. Opens one range for each
// segment that holds rows at all, so that neither other keys nor empty segments cost anything. With
// a cache above the store, which may hold rows of any segment, a range goes on into the segments
// that follow, and the first row met there says where to go on.
class SegmentScan {
 public:
  struct Limits {
    std::optional<ByteBuffer> first_key;
    std::optional<ByteBuffer> last_key;
    TimeSpan times;            // of the windows' starts, or of the sessions' ends
    Timestamp latest_start{};  // of sessions

    [[nodiscard]] static Limits of_key(Bytes key, TimeSpan times);
    [[nodiscard]] static Limits of_keys(const KeySpan& keys, TimeSpan times);
  };

  // `store` is the top of the stack that `segments` is a layer of.
  struct Place {
    KeyValueBytesStore& store;
    const SegmentedStore& segments;
    SharedAccess access;
  };

  SegmentScan(const Place& place, Limits limits, Direction direction);

  [[nodiscard]] bool valid() const { return rows_ != nullptr && rows_->valid(); }
  [[nodiscard]] Bytes row() const { return rows_->key(); }
  [[nodiscard]] Bytes value() const { return rows_->value(); }
  void next();

  [[nodiscard]] const RowSchema& schema() const noexcept { return schema_; }

 private:
  [[nodiscard]] bool forward() const noexcept { return direction_ == Direction::forward; }
  [[nodiscard]] bool one_key() const;
  [[nodiscard]] ByteBuffer first_row(std::int64_t segment) const;
  [[nodiscard]] ByteBuffer last_row(std::int64_t segment) const;
  void settle();
  // Turns to that segment or the next one that may hold rows. False, and the end, if there is none
  // among those looked for.
  bool turn_to(std::int64_t segment);
  bool turn_to_next(std::int64_t segment) { return turn_to(segment + (forward() ? 1 : -1)); }
  // How far a range that begins in that segment goes.
  [[nodiscard]] std::int64_t reach_from(std::int64_t segment) const;
  [[nodiscard]] bool behind_segment(Bytes row) const;
  [[nodiscard]] bool wanted(Bytes row) const;

  KeyValueBytesStore& store_;
  const SegmentedStore& segments_;  // looked into under access_.lock()
  SharedAccess access_;
  const SegmentRule& rule_;
  const RowSchema& schema_;
  bool sessions_;
  bool cached_;
  Limits limits_;
  Direction direction_;
  std::int64_t first_;
  std::int64_t last_ = -1;
  std::int64_t segment_ = 0;  // that rows_ is in
  std::int64_t reach_ = 0;    // that rows_ ends in
  ByteBuffer end_of_segment_;
  std::unique_ptr<BytesIterator> rows_;
};

}  // namespace moldau::inline v0::state
