#include "state/changelog_store.h"

#include "moldau/base/assert.h"

#include "state/value_layout.h"

#include <utility>

namespace moldau::inline v0::state {

ChangelogStore::ChangelogStore(std::unique_ptr<KeyValueBytesStore> below, ValueLayout layout,
                               ChangelogTarget target)
    : below_(std::move(below)), layout_(layout), target_(target) {}

void ChangelogStore::restore(std::span<const RawRecord> changelog,
                             const ChangelogPosition& reached) {
  below_->restore(changelog, reached);
}

void ChangelogStore::commit(const std::optional<ChangelogPosition>& position) {
  below_->commit(position);
}

std::size_t ChangelogStore::uncommitted_bytes() const { return below_->uncommitted_bytes(); }

std::optional<ChangelogPosition> ChangelogStore::committed_position() const {
  return below_->committed_position();
}

void ChangelogStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  OutgoingRecord record{.topic = target_.topic,
                        .partition = target_.partition,
                        .key = key,
                        .value = std::nullopt,
                        .timestamp = context.timestamp};
  if (value) {
    const ChangelogValue plain = to_changelog(layout_, *value, context.timestamp);
    record.value = plain.value;
    record.timestamp = plain.timestamp;
  }
  below_->put(key, value, context);
  target_.sink.send(record);
}

std::unique_ptr<BytesIterator> ChangelogStore::range(const ByteRange& range, Direction direction) {
  return below_->range(range, direction);
}

std::uint64_t ChangelogStore::approximate_entries() { return below_->approximate_entries(); }

void ChangelogStore::set_flush_listener(FlushListener&, bool) { MOLDAU_ASSERT(cached()); }

}  // namespace moldau::inline v0::state
