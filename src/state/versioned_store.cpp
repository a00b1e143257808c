#include "state/versioned_store.h"

#include "moldau/base/big_endian.h"

#include "state/restored_rows.h"
#include "state/row_key.h"

#include <algorithm>
#include <utility>

namespace moldau::inline v0::state {

namespace {

// In place of a segment's number.
constexpr std::int64_t latest_segment = -1;

void make_row_key(std::int64_t segment, Bytes key, ByteBuffer& out) {
  out.clear();
  append_big_endian(out, segment);
  out.append(key);
}

ByteRange among_latest(const ByteRange& keys) {
  ByteBuffer from = start_of_segment(latest_segment);
  ByteRange rows{.from = from};
  if (keys.from) rows.from->append(*keys.from);
  if (keys.to) {
    rows.to = std::move(from);
    rows.to->append(*keys.to);
    rows.to_exclusive = keys.to_exclusive;
  }
  return rows;
}

// Rows of latest versions as keys and values.
class LatestVersions final : public BytesIterator {
 public:
  explicit LatestVersions(std::unique_ptr<BytesIterator> rows) : rows_(std::move(rows)) {}

  [[nodiscard]] bool valid() const override { return rows_->valid(); }
  [[nodiscard]] Bytes key() const override { return rows_->key().without_first(segment_size); }
  [[nodiscard]] Bytes value() const override { return rows_->value().without_first(time_size); }
  void next() override { rows_->next(); }

 private:
  std::unique_ptr<BytesIterator> rows_;
};

}  // namespace

VersionedStore::VersionedStore(std::unique_ptr<OverlayStore> rows, DroppedRows* drops)
    : StoreLayer(std::move(rows)),
      rows_(static_cast<OverlayStore&>(below())),
      rule_(spec()),
      drops_(drops) {
  load();
}

void VersionedStore::load() {
  time_.load(rows_);
  segments_.load(rows_, {&behind_data, 1});
}

Timestamp VersionedStore::oldest_time() const noexcept { return time_.time() - spec().retention; }

bool VersionedStore::live(std::int64_t segment) const noexcept {
  return segment >= rule_.oldest_segment(time_.time());
}

// ---- writing ----

void VersionedStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  const Timestamp from = context.timestamp;
  if (from < oldest_time()) {
    if (drops_ != nullptr)
      drops_->dropped(name(), "its time is older than the history that is kept");
    last_put_ = {.accepted = false, .until = std::nullopt};
    return;
  }
  time_.advance_to(from);
  last_put_ = {.accepted = true, .until = insert(key, value, from)};
}

std::optional<Timestamp> VersionedStore::insert(Bytes key, std::optional<Bytes> value,
                                                Timestamp from) {
  // The first version that is known to be later, looked for from the latest backwards.
  std::optional<Timestamp> until;
  if (read_latest(key)) {
    const Timestamp latest = load_time(latest_, 0);
    if (from >= latest) {
      replace_latest(key, value, from, latest);
      return std::nullopt;
    }
    until = latest;
  }
  if (insert_into_history(key, value, from, until)) return until;
  if (until) {
    insert_between(key, value, from, *until);
  } else if (value) {
    write_latest(key, value, from);
  } else {
    note_deletion(key, from);
  }
  return until;
}

void VersionedStore::replace_latest(Bytes key, std::optional<Bytes> value, Timestamp from,
                                    Timestamp latest) {
  if (from > latest) append_ended(key, latest_.bytes().without_first(time_size), latest, from);
  write_latest(key, value, from);
}

bool VersionedStore::insert_into_history(Bytes key, std::optional<Bytes> value, Timestamp from,
                                         std::optional<Timestamp>& until) {
  const std::int64_t earliest = rule_.segment_of(from);
  const std::vector<std::int64_t>& segments = segments_.all();
  for (auto at = segments.rbegin(); at != segments.rend() && *at >= earliest; ++at) {
    if (!live(*at)) return false;
    if (!read_list(*at, key, encoded_)) continue;
    if (VersionList::end_of(encoded_) <= from) return false;
    const Timestamp start = VersionList::start_of(encoded_);
    if (start <= from) {
      until = insert_into_list(*at, key, value, from);
      return true;
    }
    until = start;
  }
  return false;
}

std::optional<Timestamp> VersionedStore::insert_into_list(std::int64_t segment, Bytes key,
                                                          std::optional<Bytes> value,
                                                          Timestamp from) {
  list_.decode(encoded_);
  const std::size_t index = list_.find(from);
  const VersionList::Entry before = list_[index];
  const Timestamp until = list_.until(index);
  if (before.from == from) {
    list_.replace(index, {from, value});
  } else if (rule_.segment_of(from) == segment) {
    list_.insert(index, {from, value});
  } else {
    // The version before ends earlier now: in a segment before this one.
    append_ended(key, before.value, before.from, from);
    list_.replace(index, {from, value});
  }
  write_list(segment, key, list_);
  return until;
}

void VersionedStore::insert_between(Bytes key, std::optional<Bytes> value, Timestamp from,
                                    Timestamp until) {
  const std::int64_t segment = rule_.segment_of(until);
  if (!live(segment)) return;
  if (!read_list(segment, key, encoded_)) {
    return write_list(segment, key, VersionList{value, from, until});
  }
  list_.decode(encoded_);
  if (VersionList::end_of(encoded_) <= from) {
    list_.add_newest(value, from, until);
  } else {
    list_.add_oldest(value, from);
  }
  write_list(segment, key, list_);
}

void VersionedStore::note_deletion(Bytes key, Timestamp from) {
  const std::int64_t segment = rule_.segment_of(from);
  if (!live(segment)) return;
  if (!read_list(segment, key, encoded_)) {
    return write_list(segment, key, VersionList{std::nullopt, from, from});
  }
  const Timestamp end = VersionList::end_of(encoded_);
  if (end == from) return;  // that the last version ended then says it already
  list_.decode(encoded_);
  list_.add_newest(std::nullopt, end, from);
  write_list(segment, key, list_);
}

void VersionedStore::append_ended(Bytes key, std::optional<Bytes> value, Timestamp from,
                                  Timestamp until) {
  const std::int64_t segment = rule_.segment_of(until);
  if (!live(segment)) return;
  if (!read_list(segment, key, other_encoded_)) {
    return write_list(segment, key, VersionList{value, from, until});
  }
  other_list_.decode(other_encoded_);
  other_list_.add_newest(value, from, until);
  write_list(segment, key, other_list_);
}

// ---- reading ----

std::optional<Version> VersionedStore::latest(Bytes key, ByteBuffer& value) {
  if (!read_latest(key)) return std::nullopt;
  value.assign(latest_.bytes().without_first(time_size));
  return Version{.from = load_time(latest_, 0), .until = std::nullopt};
}

std::optional<Version> VersionedStore::at(Bytes key, Timestamp time, ByteBuffer& value) {
  if (read_latest(key) && load_time(latest_, 0) <= time) return latest(key, value);
  if (time < oldest_time()) return std::nullopt;
  const std::int64_t earliest = rule_.segment_of(time);
  const std::vector<std::int64_t>& segments = segments_.all();
  for (auto at = segments.rbegin(); at != segments.rend() && *at >= earliest && live(*at); ++at) {
    if (!read_list(*at, key, encoded_)) continue;
    if (VersionList::end_of(encoded_) <= time) return std::nullopt;
    if (VersionList::start_of(encoded_) > time) continue;
    list_.decode(encoded_);
    const std::size_t index = list_.find(time);
    if (!list_[index].value) return std::nullopt;
    value.assign(*list_[index].value);
    return Version{.from = list_[index].from, .until = list_.until(index)};
  }
  return std::nullopt;
}

std::vector<VersionedStore::OwnedVersion> VersionedStore::history(Bytes key, TimeSpan span) {
  std::vector<OwnedVersion> versions;
  // Older versions than the history may still be there, and are not promised to anybody.
  if (span.to >= oldest_time()) {
    for (const std::int64_t segment : segments_.all()) {
      if (!live(segment) || segment < rule_.segment_of(span.from)) continue;
      if (!read_list(segment, key, encoded_)) continue;
      list_.decode(encoded_);
      for (std::size_t i = list_.size(); i-- > 0;) {
        const VersionList::Entry& entry = list_[i];
        if (!entry.value || entry.from > span.to || list_.until(i) <= span.from) continue;
        versions.push_back({{entry.from, list_.until(i)}, ByteBuffer{*entry.value}});
      }
    }
  }
  ByteBuffer value;
  const std::optional<Version> last = latest(key, value);
  if (last && last->from <= span.to) versions.push_back({*last, std::move(value)});
  return versions;
}

std::vector<ByteBuffer> VersionedStore::keys() {
  std::vector<ByteBuffer> keys;
  for (auto row = rows_.range(ByteRange::all(), Direction::forward); row->valid(); row->next()) {
    if (row->key() == StoreTime::row_key()) continue;
    keys.emplace_back(row->key().without_first(segment_size));
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

bool VersionedStore::get(Bytes key, ByteBuffer& value) { return latest(key, value).has_value(); }

std::unique_ptr<BytesIterator> VersionedStore::range(const ByteRange& range, Direction direction) {
  return std::make_unique<LatestVersions>(rows_.range(among_latest(range), direction));
}

// ---- rows ----

bool VersionedStore::read_latest(Bytes key) {
  make_row_key(latest_segment, key, row_key_);
  return rows_.get(row_key_, latest_);
}

void VersionedStore::write_latest(Bytes key, std::optional<Bytes> value, Timestamp from) {
  make_row_key(latest_segment, key, row_key_);
  if (!value) return rows_.put(row_key_, std::nullopt, {});
  written_.clear();
  append_time(written_, from);
  written_.append(*value);
  rows_.put(row_key_, written_.bytes(), {});
}

bool VersionedStore::read_list(std::int64_t segment, Bytes key, ByteBuffer& encoded) {
  make_row_key(segment, key, row_key_);
  return rows_.get(row_key_, encoded);
}

void VersionedStore::write_list(std::int64_t segment, Bytes key, const VersionList& list) {
  make_row_key(segment, key, row_key_);
  list.encode(written_);
  rows_.put(row_key_, written_.bytes(), {});
  segments_.add(segment);
}

// ---- commit ----

void VersionedStore::prepare_commit() {
  time_.save(rows_);
  segments_.expire_before(rule_.oldest_segment(time_.time()), rows_, /*indexed=*/false);
}

void VersionedStore::commit(const std::optional<ChangelogPosition>& position) {
  prepare_commit();
  rows_.commit(position);
}

void VersionedStore::write_down() {
  prepare_commit();
  rows_.write_down();
}

void VersionedStore::rollback() {
  rows_.rollback();
  load();
}

void VersionedStore::restore(std::span<const RawRecord> changelog,
                             const ChangelogPosition& reached) {
  const RestoredRows restored{spec(), {}};
  for (const RawRecord& record : changelog) {
    const Bytes key = restored.key(record);
    // It was refused when it was put, and logged all the same.
    if (record.timestamp < oldest_time()) continue;
    time_.advance_to(record.timestamp);
    insert(key, record.value, record.timestamp);
  }
  commit(reached);
  rows_.note_restored(changelog.size());
}

}  // namespace moldau::inline v0::state
