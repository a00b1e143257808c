#include "state/caching_store.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"

#include "state/cached_by_time.h"
#include "state/cached_range.h"
#include "state/merged_iterator.h"
#include "state/segmented_store.h"
#include "state/time_range.h"

#include <string>
#include <utility>

namespace moldau::inline v0::state {

namespace {

// A listener that has not come to rest by then never will.
constexpr int most_passes_of_a_flush = 1000;

class Deeper {
 public:
  explicit Deeper(std::size_t& depth) noexcept : depth_(depth) { ++depth_; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;
  ~Deeper() { --depth_; }

 private:
  std::size_t& depth_;
};

}  // namespace

CachingStore::CachingStore(std::unique_ptr<KeyValueBytesStore> below, RecordCache& budget,
                           std::unique_ptr<CacheMetrics> metrics)
    : StoreLayer(std::move(below)),
      segmented_(spec().kind != StoreKind::key_value),
      entries_(budget, segmented_ ? CachedOrder::all : CachedOrder::dirty),
      budget_(budget),
      metrics_(std::move(metrics)),
      by_time_(spec().time_index ? find_layer<SegmentedStore>(this->below()) : nullptr) {}

CachingStore::~CachingStore() = default;

void CachingStore::restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) {
  MOLDAU_ASSERT(entries_.first_dirty() == nullptr);
  entries_.clear();
  below().restore(changelog, reached);
}

void CachingStore::flush_cache() {
  metrics_->publish();
  for (int pass = 0; entries_.first_dirty() != nullptr; ++pass) {
    if (pass == most_passes_of_a_flush) {
      throw StateStoreError("store \"" + std::string{name()} +
                            "\": each flush of its cache leads to new writes to it. A node below "
                            "the one that owns the store writes to it; turn caching off for the "
                            "store, or end that circle");
    }
    flush_until(entries_.writes());
  }
}

void CachingStore::commit(const std::optional<ChangelogPosition>& position) {
  MOLDAU_ASSERT(entries_.first_dirty() == nullptr);
  below().commit(position);
}

void CachingStore::rollback() {
  entries_.clear();
  ++flushed_;
  below().rollback();
}

bool CachingStore::get(Bytes key, ByteBuffer& value) {
  if (const CachedEntry* entry = entries_.use(key)) {
    metrics_->hit();
    if (entry->present()) value.assign(entry->present_value());
    return entry->present();
  }
  metrics_->missed();
  if (!below().get(key, value)) return false;
  if (segmented_) return true;
  entries_.remember(key, value);
  evict_while_exceeded();
  return true;
}

void CachingStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  entries_.write(key, value, context);
  evict_while_exceeded();
}

void CachingStore::evict_while_exceeded() {
  while (budget_.exceeded()) {
    const CachedEntry* eldest = entries_.eldest();
    // What exceeds the budget is in other stores' caches: they evict when they are written to.
    if (eldest == nullptr) return;
    metrics_->evicted();
    evict(*eldest);
  }
}

void CachingStore::evict(const CachedEntry& eldest) {
  if (!eldest.dirty) return entries_.remove(eldest);
  const std::uint64_t writes = entries_.writes();
  hand_over(eldest, /*keep=*/false);
  flush_until(writes);
}

void CachingStore::flush_until(std::uint64_t writes) {
  while (true) {
    const CachedEntry* entry = entries_.first_dirty();
    if (entry == nullptr || entry->written_at > writes) return;
    // A deletion has done its work once it is below.
    hand_over(*entry, /*keep=*/entry->present());
  }
}

void CachingStore::hand_over(const CachedEntry& entry, bool keep) {
  if (flights_.size() == depth_) flights_.push_back(std::make_unique<Flight>());
  Flight& flight = *flights_[depth_];
  flight.row.set_key(entry.key());
  flight.row.set_value(entry.value());
  entries_.take_context(entry, flight.context);
  if (!keep) entries_.remove(entry);
  ++flushed_;
  const Deeper deeper{depth_};
  send_down(flight);
}

void CachingStore::send_down(Flight& flight) {
  const Bytes key = flight.row.key();
  const std::optional<Bytes> now = flight.row.value();
  const RecordContext context = flight.context.view();
  if (listener_ == nullptr) return below().put(key, now, context);
  std::optional<Bytes> before;
  if (wants_old_values_ || !now) {
    if (below().get(key, flight.before)) before = flight.before.bytes();
    if (!now && !before) return;
  }
  below().put(key, now, context);
  if (!wants_old_values_) before.reset();
  listener_->flushed({.key = key, .now = now, .before = before, .context = context});
}

std::unique_ptr<BytesIterator> CachingStore::range(const ByteRange& range, Direction direction) {
  return std::make_unique<CachedRange>(*this, range, direction);
}

std::unique_ptr<BytesIterator> CachingStore::merged(const ByteRange& range, Direction direction) {
  if (by_time_ != nullptr && is_by_time(range)) {
    return std::make_unique<CachedByTime>(below().range(range, direction), entries_.ordered(),
                                          by_time_->schema(), range, direction);
  }
  return std::make_unique<MergedIterator>(below().range(range, direction), entries_.ordered(),
                                          range, direction);
}

void CachingStore::set_flush_listener(FlushListener& listener, bool wants_old_values) {
  listener_ = &listener;
  wants_old_values_ = wants_old_values;
}

}  // namespace moldau::inline v0::state
