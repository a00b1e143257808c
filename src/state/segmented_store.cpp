#include "state/segmented_store.h"

#include "moldau/base/error.h"

#include "state/restored_rows.h"
#include "state/time_range.h"

#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::state {

namespace {

constexpr Bytes no_value{};

Bytes end_of_data() noexcept { return {&behind_data, 1}; }
Bytes end_of_index() noexcept { return {&behind_index, 1}; }

// Cuts the range down to the segments from `lowest` on, and to keys before `end`.
void clamp(ByteRange& range, ByteBuffer lowest, Bytes end) {
  if (!range.from || *range.from < lowest) range.from = std::move(lowest);
  if (!range.to || range.to->bytes() >= end) {
    range.to.emplace(end);
    range.to_exclusive = true;
  }
}

bool lies_within(const ByteRange& range, const ByteBuffer& lowest, Bytes end) {
  return range.from && *range.from >= lowest && range.to && range.to->bytes() < end;
}

// Before the store's time has come that far there is no segment to go.
std::int64_t not_negative(std::int64_t segment) noexcept { return segment < 0 ? 0 : segment; }

}  // namespace

// Leaves out the rows that were too old when it was made.
class SegmentedStore::VisibleRows final : public BytesIterator {
 public:
  VisibleRows(std::unique_ptr<BytesIterator> rows, const RowSchema& schema, Timestamp first)
      : rows_(std::move(rows)), schema_(schema), first_(first) {
    settle();
  }

  [[nodiscard]] bool valid() const override { return rows_->valid(); }
  [[nodiscard]] Bytes key() const override { return rows_->key(); }
  [[nodiscard]] Bytes value() const override { return rows_->value(); }
  void next() override {
    rows_->next();
    settle();
  }

 private:
  void settle() {
    while (rows_->valid() && schema_.time_in(rows_->key()) < first_) rows_->next();
  }

  std::unique_ptr<BytesIterator> rows_;
  const RowSchema& schema_;
  Timestamp first_;
};

// Goes over index rows and shows the values of the data rows they stand for.
class SegmentedStore::IndexedRows final : public BytesIterator {
 public:
  IndexedRows(std::unique_ptr<BytesIterator> index, OverlayStore& rows, const RowSchema& schema)
      : index_(std::move(index)), rows_(rows), schema_(schema) {
    settle();
  }

  [[nodiscard]] bool valid() const override { return index_->valid(); }
  [[nodiscard]] Bytes key() const override { return index_->key(); }
  [[nodiscard]] Bytes value() const override { return value_; }
  void next() override {
    index_->next();
    settle();
  }

 private:
  // A row that was deleted in the loop may still show in the index.
  void settle() {
    for (; index_->valid(); index_->next()) {
      schema_.data_row(index_->key(), data_key_);
      if (rows_.get(data_key_, value_)) return;
    }
  }

  std::unique_ptr<BytesIterator> index_;
  OverlayStore& rows_;
  const RowSchema& schema_;
  ByteBuffer data_key_;
  ByteBuffer value_;
};

SegmentedStore::SegmentedStore(std::unique_ptr<OverlayStore> rows, DroppedRows* drops)
    : StoreLayer(std::move(rows)),
      rows_(static_cast<OverlayStore&>(below())),
      rule_(spec()),
      schema_(spec()),
      drops_(drops) {
  load();
}

void SegmentedStore::load() {
  time_.load(rows_);
  segments_.load(rows_, end_of_data());
}

bool SegmentedStore::visible(Timestamp time) const noexcept {
  return time >= rule_.first_visible(time_.time());
}

std::int64_t SegmentedStore::hiding_segment() const noexcept {
  const Timestamp first = rule_.first_visible(time_.time());
  return first.milliseconds() > 0 ? rule_.segment_of(first) : -1;
}

bool SegmentedStore::get(Bytes key, ByteBuffer& value) {
  return visible(schema_.time_in(key)) && rows_.get(key, value);
}

void SegmentedStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  // The deletion of a duplicate deletes nothing: it would be an entry of its own.
  const bool nothing = !value && spec().retain_duplicates;
  if (nothing && spec().type == StoreType::rocksdb) return;
  const Timestamp time = schema_.time_in(key);
  // In memory, a removal moves no time in the reference.
  if (!removing_ || spec().type == StoreType::rocksdb) time_.advance_to(time);
  if (rule_.refuses(time, time_.time())) {
    if (drops_ != nullptr && !removing_)
      drops_->dropped(name(), "its window is older than the retention");
    return;
  }
  if (nothing) return;
  const bool new_time = time > time_.saved_time();
  put_row(key, value, new_time, context);
  if (value) segments_.add(segment_in(key));
  if (!spec().time_index) return;
  schema_.index_row(key, index_key_);
  put_row(index_key_, value ? std::optional{no_value} : std::nullopt, new_time, context);
}

// A session that grows is deleted with each record. If these deletions stayed until the commit, the
// next record would go over all of them.
void SegmentedStore::put_row(Bytes row, std::optional<Bytes> value, bool new_time,
                             const RecordContext& context) {
  if (!value && new_time) {
    rows_.take_back(row);
  } else {
    rows_.put(row, value, context);
  }
}

std::unique_ptr<BytesIterator> SegmentedStore::range(const ByteRange& range, Direction direction) {
  if (is_by_time(range)) return indexed(range, direction);
  const Timestamp first = rule_.first_visible(time_.time());
  ByteBuffer lowest = start_of_segment(not_negative(hiding_segment()));
  if (lies_within(range, lowest, end_of_data())) {
    return std::make_unique<VisibleRows>(rows_.range(range, direction), schema_, first);
  }
  ByteRange live = range;
  clamp(live, std::move(lowest), end_of_data());
  return std::make_unique<VisibleRows>(rows_.range(live, direction), schema_, first);
}

std::unique_ptr<BytesIterator> SegmentedStore::indexed(ByteRange range, Direction direction) {
  const Timestamp now = time_.time();
  ByteBuffer lowest = start_of_indexed(not_negative(rule_.oldest_segment(now)));
  // On disk the reference shows sessions until their segment goes.
  const bool whole_segments =
      spec().kind == StoreKind::session && spec().type == StoreType::rocksdb;
  const Timestamp first = rule_.first_visible(now);
  if (!whole_segments && first.milliseconds() > 0) {
    lowest = start_of_indexed(rule_.segment_of(first));
    append_time(lowest, first);
  }
  clamp(range, std::move(lowest), end_of_index());
  return std::make_unique<IndexedRows>(rows_.range(range, direction), rows_, schema_);
}

void SegmentedStore::prepare_commit() {
  time_.save(rows_);
  segments_.expire_before(rule_.oldest_segment(time_.time()), rows_, spec().time_index);
}

void SegmentedStore::commit(const std::optional<ChangelogPosition>& position) {
  prepare_commit();
  rows_.commit(position);
}

void SegmentedStore::write_down() {
  prepare_commit();
  rows_.write_down();
}

void SegmentedStore::rollback() {
  rows_.rollback();
  load();
}

bool SegmentedStore::passes_time(const RawRecord& record) const noexcept {
  return record.value || !spec().retain_duplicates || spec().type == StoreType::in_memory;
}

void SegmentedStore::restore(std::span<const RawRecord> changelog,
                             const ChangelogPosition& reached) {
  RestoredRows restored{spec(), changelog};
  std::size_t key_bytes = 0;
  for (const RawRecord& record : changelog) {
    const Bytes key = restored.key(record);
    if (!schema_.fits(key)) {
      throw StateStoreError(
          "store \"" + spec().name + "\": the key of the changelog record at offset " +
          std::to_string(record.offset.value()) + " has " + std::to_string(key.size()) +
          " bytes, too few for a key and its window. Something other than this "
          "application writes to the changelog topic; remove that writer, then "
          "the record");
    }
    key_bytes += 2 * (segment_size + key.size());
    if (passes_time(record)) time_.advance_to(schema_.time_in_changelog_key(key));
  }
  ByteBuffer keys;
  keys.reserve(key_bytes);  // the writes below refer to it
  std::vector<StorageWrite> writes;
  for (const RawRecord& record : changelog) {
    const Timestamp time = schema_.time_in_changelog_key(*record.key);
    const std::optional<Bytes> value = restored.value(record);
    if (spec().retain_duplicates) {
      time_.saw_sequence(load_big_endian<std::int32_t>(record.key->last(4).data()));
      if (!value) continue;
    }
    if (rule_.segment_of(time) < rule_.oldest_segment(time_.time())) continue;
    const std::size_t start = keys.size();
    append_big_endian(keys, rule_.segment_of(time));
    keys.append(*record.key);
    const Bytes key = keys.bytes().without_first(start);
    writes.push_back({key, value});
    if (value) segments_.add(segment_in(key));
    if (!spec().time_index) continue;
    schema_.index_row(key, index_key_);
    keys.append(index_key_);
    writes.push_back(
        {keys.bytes().last(index_key_.size()), value ? std::optional{no_value} : std::nullopt});
  }
  ByteBuffer time;
  time_.encode(time);
  writes.push_back({StoreTime::row_key(), time.bytes()});
  rows_.restore_rows(writes, changelog.size(), reached);
  time_.saved();
}

}  // namespace moldau::inline v0::state
