#include "state/changelog_store.h"

#include "moldau/state/value_layout.h"

#include <utility>

namespace moldau::inline v0::state {

ChangelogStore::ChangelogStore(std::unique_ptr<KeyValueBytesStore> below, std::size_t key_prefix,
                               ChangelogTarget target)
    : StoreLayer(std::move(below)),
      layout_(spec().layout),
      context_headers_(spec().changelog_headers),
      timed_(spec().kind != StoreKind::buffer),
      key_prefix_(key_prefix),
      target_(target) {}

void ChangelogStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  OutgoingRecord record{.topic = target_.topic,
                        .partition = target_.partition,
                        .key = key.without_first(key_prefix_),
                        .value = std::nullopt,
                        .timestamp = context.timestamp};
  if (context_headers_ || has_headers(layout_)) record.headers = context.headers;
  if (value) {
    const StoredValue stored = split_stored(layout_, *value, context.timestamp);
    record.value = stored.value;
    record.timestamp = stored.timestamp;
    if (has_headers(layout_)) {
      decode_headers(stored.headers, stored_headers_);
      record.headers = &stored_headers_;
    }
  }
  if (!timed_) record.timestamp.reset();
  below().put(key, value, context);
  target_.sink.send(record);
}

}  // namespace moldau::inline v0::state
