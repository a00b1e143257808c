#include "state/rocksdb/bounded_scan.h"

#include "state/rocksdb/slices.h"
#include "state/rocksdb/store_metadata.h"

#include <optional>

namespace moldau::inline v0::state {

namespace {

void assign_row_key(std::string& to, Bytes key) {
  to.assign(1, row_prefix);
  to.append(key.text());
}

// The first key that is not in the range any more.
void assign_key_behind(std::string& to, const ByteRange& range) {
  if (!range.to) {
    to.assign(1, behind_row_prefix);
    return;
  }
  assign_row_key(to, *range.to);
  if (!range.to_exclusive) to.push_back('\0');
}

}  // namespace

BoundedScan::BoundedScan(rocksdb::DB& db) {
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower_;
  options.iterate_upper_bound = &upper_;
  entries_.reset(db.NewIterator(options));
}

void BoundedScan::seek(const ByteRange& range, Direction direction) {
  direction_ = direction;
  assign_row_key(from_, range.from ? range.from->bytes() : Bytes{});
  assign_key_behind(behind_, range);
  lower_ = from_;
  upper_ = behind_;
  empty_ = behind_ <= from_;
  if (empty_) return;
  if (direction_ == Direction::forward) {
    entries_->SeekToFirst();
  } else {
    entries_->SeekToLast();
  }
}

void BoundedScan::next() {
  if (direction_ == Direction::forward) {
    entries_->Next();
  } else {
    entries_->Prev();
  }
}

Bytes BoundedScan::key() const { return bytes_of(entries_->key()).without_first(1); }
Bytes BoundedScan::value() const { return bytes_of(entries_->value()); }

}  // namespace moldau::inline v0::state
