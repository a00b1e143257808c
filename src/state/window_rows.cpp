#include "moldau/state/window_rows.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "state/row_key.h"
#include "state/segment_scan.h"
#include "state/segmented_store.h"
#include "state/time_range.h"

#include <cstdint>
#include <string>
#include <utility>

namespace moldau::inline v0::state {

namespace {

class WindowScan final : public WindowIterator {
 public:
  explicit WindowScan(SegmentScan scan) : scan_(std::move(scan)) {}

  [[nodiscard]] bool valid() const override { return scan_.valid(); }
  [[nodiscard]] Bytes key() const override { return scan_.schema().key_in(scan_.row()); }
  [[nodiscard]] Timestamp start() const override { return scan_.schema().time_in(scan_.row()); }
  [[nodiscard]] Bytes value() const override { return scan_.value(); }
  void next() override { scan_.next(); }

 private:
  SegmentScan scan_;
};

class WindowsByTime final : public WindowIterator {
 public:
  WindowsByTime(std::unique_ptr<BytesIterator> rows, const RowSchema& schema)
      : rows_(std::move(rows)), schema_(schema) {}

  [[nodiscard]] bool valid() const override { return rows_->valid(); }
  [[nodiscard]] Bytes key() const override { return schema_.key_in_index(rows_->key()); }
  [[nodiscard]] Timestamp start() const override { return schema_.time_in_index(rows_->key()); }
  [[nodiscard]] Bytes value() const override { return rows_->value(); }
  void next() override { rows_->next(); }

 private:
  std::unique_ptr<BytesIterator> rows_;
  const RowSchema& schema_;
};

void make_row_key(const SegmentedStore& segments, Bytes key, Timestamp start, std::int32_t sequence,
                  ByteBuffer& out) {
  out.clear();
  append_big_endian(out, segments.rule().segment_of(start));
  out.append(key);
  append_time(out, start);
  append_big_endian(out, sequence);
}

}  // namespace

WindowIterator::~WindowIterator() = default;

void WindowRows::open(StateStore& store) {
  store_ = dynamic_cast<KeyValueBytesStore*>(&store);
  segments_ = find_layer<SegmentedStore>(store);
  if (segments_ == nullptr || store_->spec().kind != StoreKind::window) {
    throw TopologyError("store \"" + std::string{store.name()} +
                        "\" is not a window store: windows cannot be kept in it");
  }
  access_ = SharedAccess{store};
  layout_ = store_->spec().layout;
}

void WindowRows::listen(FlushListener& listener, bool wants_old_values) {
  cached_ = store_->cached();
  if (cached_) store_->set_flush_listener(listener, wants_old_values);
}

bool WindowRows::get(Bytes key, Timestamp start, ByteBuffer& value) {
  make_row_key(*segments_, key, start, 0, row_key_);
  return store_->get(row_key_, value);
}

void WindowRows::put(Bytes key, Timestamp start, std::optional<Bytes> value,
                     const RecordContext& context) {
  std::int32_t sequence = 0;
  if (!access_.read_only()) {
    const auto lock = access_.lock();
    if (store_->spec().retain_duplicates) sequence = segments_->next_sequence();
    segments_->expect(start);
  }
  make_row_key(*segments_, key, start, sequence, row_key_);
  store_->put(row_key_, value, context);
}

std::unique_ptr<WindowIterator> WindowRows::fetch(Bytes key, TimeSpan starts, Direction direction) {
  return std::make_unique<WindowScan>(SegmentScan{
      {*store_, *segments_, access_}, SegmentScan::Limits::of_key(key, starts), direction});
}

std::unique_ptr<WindowIterator> WindowRows::fetch(const KeySpan& keys, TimeSpan starts,
                                                  Direction direction) {
  return std::make_unique<WindowScan>(SegmentScan{
      {*store_, *segments_, access_}, SegmentScan::Limits::of_keys(keys, starts), direction});
}

std::unique_ptr<WindowIterator> WindowRows::by_time(TimeSpan starts) {
  return std::make_unique<WindowsByTime>(
      store_->range(indexed_rows(segments_->rule(), starts), Direction::forward),
      segments_->schema());
}

WindowRows::RowKey WindowRows::parse(Bytes row_key) {
  const Bytes key = row_key.without_first(segment_size);
  const std::size_t key_size = key.size() - window_suffix_size;
  return {key.first(key_size), load_time(key, key_size)};
}

}  // namespace moldau::inline v0::state
