#include "state/store_layer.h"

namespace moldau::inline v0::state {

StandingStore::~StandingStore() = default;
StoreLayer::~StoreLayer() = default;

void StoreLayer::restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) {
  below_->restore(changelog, reached);
}

void StoreLayer::commit(const std::optional<ChangelogPosition>& position) {
  below_->commit(position);
}

std::size_t StoreLayer::uncommitted_bytes() const { return below_->uncommitted_bytes(); }

std::optional<ChangelogPosition> StoreLayer::committed_position() const {
  return below_->committed_position();
}

void StoreLayer::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  below_->put(key, value, context);
}

std::unique_ptr<BytesIterator> StoreLayer::range(const ByteRange& range, Direction direction) {
  return below_->range(range, direction);
}

std::uint64_t StoreLayer::approximate_entries() { return below_->approximate_entries(); }

void StoreLayer::set_flush_listener(FlushListener& listener, bool wants_old_values) {
  below_->set_flush_listener(listener, wants_old_values);
}

}  // namespace moldau::inline v0::state
