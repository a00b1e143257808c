#include "moldau/state/session_rows.h"

#include "moldau/base/big_endian.h"
#include "moldau/base/error.h"

#include "state/row_key.h"
#include "state/segment_scan.h"
#include "state/segmented_store.h"
#include "state/time_range.h"

#include <string>
#include <utility>

namespace moldau::inline v0::state {

namespace {

class SessionScan final : public SessionIterator {
 public:
  explicit SessionScan(SegmentScan scan) : scan_(std::move(scan)) {}

  [[nodiscard]] bool valid() const override { return scan_.valid(); }
  [[nodiscard]] Bytes key() const override { return scan_.schema().key_in(scan_.row()); }
  [[nodiscard]] Timestamp start() const override {
    return load_time(scan_.schema().tail_in(scan_.row()), 0);
  }
  [[nodiscard]] Timestamp end() const override { return scan_.schema().time_in(scan_.row()); }
  [[nodiscard]] Bytes value() const override { return scan_.value(); }
  void next() override { scan_.next(); }

 private:
  SegmentScan scan_;
};

class SessionsByEnd final : public SessionIterator {
 public:
  SessionsByEnd(std::unique_ptr<BytesIterator> rows, const RowSchema& schema)
      : rows_(std::move(rows)), schema_(schema) {}

  [[nodiscard]] bool valid() const override { return rows_->valid(); }
  [[nodiscard]] Bytes key() const override { return schema_.key_in_index(rows_->key()); }
  [[nodiscard]] Timestamp start() const override {
    return load_time(schema_.tail_in_index(rows_->key()), 0);
  }
  [[nodiscard]] Timestamp end() const override { return schema_.time_in_index(rows_->key()); }
  [[nodiscard]] Bytes value() const override { return rows_->value(); }
  void next() override { rows_->next(); }

 private:
  std::unique_ptr<BytesIterator> rows_;
  const RowSchema& schema_;
};

void make_row_key(const SegmentedStore& segments, Bytes key, TimeSpan session, ByteBuffer& out) {
  out.clear();
  append_big_endian(out, segments.rule().segment_of(session.to));
  out.append(key);
  append_time(out, session.to);
  append_time(out, session.from);
}

std::unique_ptr<SessionIterator> scan(const SegmentScan::Place& place, SegmentScan::Limits limits,
                                      Timestamp latest_start, Direction direction) {
  limits.latest_start = latest_start;
  return std::make_unique<SessionScan>(SegmentScan{place, std::move(limits), direction});
}

}  // namespace

SessionIterator::~SessionIterator() = default;

void SessionRows::open(StateStore& store) {
  store_ = dynamic_cast<KeyValueBytesStore*>(&store);
  segments_ = find_layer<SegmentedStore>(store);
  if (segments_ == nullptr || store_->spec().kind != StoreKind::session) {
    throw TopologyError("store \"" + std::string{store.name()} +
                        "\" is not a session store: sessions cannot be kept in it");
  }
  access_ = SharedAccess{store};
  layout_ = store_->spec().layout;
}

void SessionRows::listen(FlushListener& listener, bool wants_old_values) {
  cached_ = store_->cached();
  if (cached_) store_->set_flush_listener(listener, wants_old_values);
}

bool SessionRows::get(Bytes key, TimeSpan session, ByteBuffer& value) {
  make_row_key(*segments_, key, session, row_key_);
  return store_->get(row_key_, value);
}

void SessionRows::put(Bytes key, TimeSpan session, std::optional<Bytes> value,
                      const RecordContext& context) {
  make_row_key(*segments_, key, session, row_key_);
  if (!access_.read_only()) {
    const auto lock = access_.lock();
    segments_->expect(session.to);
  }
  store_->put(row_key_, value, context);
}

void SessionRows::remove(Bytes key, TimeSpan session, const RecordContext& context) {
  if (access_.read_only() || store_->cached()) return put(key, session, std::nullopt, context);
  const SegmentedStore::Removing removing{*segments_};
  put(key, session, std::nullopt, context);
}

std::unique_ptr<SessionIterator> SessionRows::find(Bytes key, Timestamp earliest_end,
                                                   Timestamp latest_start, Direction direction) {
  return scan({*store_, *segments_, access_},
              SegmentScan::Limits::of_key(key, {.from = earliest_end}), latest_start, direction);
}

std::unique_ptr<SessionIterator> SessionRows::find(const KeySpan& keys, Timestamp earliest_end,
                                                   Timestamp latest_start, Direction direction) {
  return scan({*store_, *segments_, access_},
              SegmentScan::Limits::of_keys(keys, {.from = earliest_end}), latest_start, direction);
}

std::unique_ptr<SessionIterator> SessionRows::by_end(TimeSpan ends) {
  return std::make_unique<SessionsByEnd>(
      store_->range(indexed_rows(segments_->rule(), ends), Direction::forward),
      segments_->schema());
}

SessionRows::RowKey SessionRows::parse(Bytes row_key) {
  const Bytes key = row_key.without_first(segment_size);
  const std::size_t key_size = key.size() - session_suffix_size;
  return {key.first(key_size),
          {.from = load_time(key, key_size + time_size), .to = load_time(key, key_size)}};
}

}  // namespace moldau::inline v0::state
