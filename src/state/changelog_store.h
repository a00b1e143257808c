#pragma once

#include "moldau/record/raw_record.h"
#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/store_spec.h"

#include "state/open_store.h"

#include <memory>

namespace moldau::inline v0::state {

// Sends each write to the changelog at once. A changelog record holds the value without its time,
// which becomes the time of the record; it has no headers; its value is null for a deletion.
class ChangelogStore final : public KeyValueBytesStore {
 public:
  ChangelogStore(std::unique_ptr<KeyValueBytesStore> below, ValueLayout layout,
                 ChangelogTarget target);

  [[nodiscard]] std::string_view name() const override { return below_->name(); }

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void flush_cache() override { below_->flush_cache(); }
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override { below_->write_down(); }
  void rollback() override { below_->rollback(); }
  [[nodiscard]] std::size_t uncommitted_bytes() const override;
  [[nodiscard]] std::optional<ChangelogPosition> committed_position() const override;

  bool get(Bytes key, ByteBuffer& value) override { return below_->get(key, value); }
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;
  [[nodiscard]] std::uint64_t approximate_entries() override;
  [[nodiscard]] bool cached() const override { return false; }
  void set_flush_listener(FlushListener& listener, bool wants_old_values) override;

 private:
  std::unique_ptr<KeyValueBytesStore> below_;
  ValueLayout layout_;
  ChangelogTarget target_;
};

}  // namespace moldau::inline v0::state
