#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/versioned_rows.h"

#include "state/overlay_store.h"
#include "state/segment_rule.h"
#include "state/segment_set.h"
#include "state/store_layer.h"
#include "state/store_time.h"
#include "state/version_list.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace moldau::inline v0::state {

// Keeps for each key what it was at each time of the history: the latest
// version, which never leaves, in a row of its own; older ones in the segment of the time at which
// they ended, one list for each key and segment. A deletion has no row as the latest version: it is
// the end of the list, or in a list of its own.
//
// As a KeyValueBytesStore it is a map of the latest versions: get() and range() show them without
// their times, put() writes a version of the context's time.
class MOLDAU_TESTING_EXPORT VersionedStore final : public StoreLayer {
 public:
  // `drops` outlives this; nullptr: refused versions are not counted.
  VersionedStore(std::unique_ptr<OverlayStore> rows, DroppedRows* drops);

  // What the last put() came to.
  [[nodiscard]] const VersionedRows::Put& last_put() const noexcept { return last_put_; }
  std::optional<Version> latest(Bytes key, ByteBuffer& value);
  std::optional<Version> at(Bytes key, Timestamp time, ByteBuffer& value);

  struct OwnedVersion {
    Version version;
    ByteBuffer value;
  };
  // Those in force some time within the span, oldest first; deletions left out.
  [[nodiscard]] std::vector<OwnedVersion> history(Bytes key, TimeSpan span);
  // Every key that has a version, in the order of their bytes. Reads the whole store.
  [[nodiscard]] std::vector<ByteBuffer> keys();

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override;
  void rollback() override;

  bool get(Bytes key, ByteBuffer& value) override;
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;

 private:
  void load();
  void prepare_commit();
  [[nodiscard]] Timestamp oldest_time() const noexcept;
  [[nodiscard]] bool live(std::int64_t segment) const noexcept;

  // The end of the version that was put.
  std::optional<Timestamp> insert(Bytes key, std::optional<Bytes> value, Timestamp from);
  void replace_latest(Bytes key, std::optional<Bytes> value, Timestamp from, Timestamp latest);
  bool insert_into_history(Bytes key, std::optional<Bytes> value, Timestamp from,
                           std::optional<Timestamp>& until);
  std::optional<Timestamp> insert_into_list(std::int64_t segment, Bytes key,
                                            std::optional<Bytes> value, Timestamp from);
  void insert_between(Bytes key, std::optional<Bytes> value, Timestamp from, Timestamp until);
  void note_deletion(Bytes key, Timestamp from);
  // Adds a version at the end of the list of the segment in which it ends, if that is still kept.
  void append_ended(Bytes key, std::optional<Bytes> value, Timestamp from, Timestamp until);

  // The row of the latest version, in latest_. False if there is none.
  bool read_latest(Bytes key);
  void write_latest(Bytes key, std::optional<Bytes> value, Timestamp from);
  // The list as bytes. False if there is none.
  bool read_list(std::int64_t segment, Bytes key, ByteBuffer& encoded);
  void write_list(std::int64_t segment, Bytes key, const VersionList& list);

  OverlayStore& rows_;  // the layer below
  SegmentRule rule_;
  DroppedRows* drops_;
  StoreTime time_;
  SegmentSet segments_;
  VersionedRows::Put last_put_{.accepted = true, .until = std::nullopt};
  // Kept for their memory.
  ByteBuffer row_key_;
  ByteBuffer latest_;
  ByteBuffer encoded_;
  ByteBuffer other_encoded_;
  ByteBuffer written_;
  VersionList list_;
  VersionList other_list_;
};

}  // namespace moldau::inline v0::state
