#include "state/rocksdb/rocksdb_map.h"

#include "state/rocksdb/rocksdb_status.h"
#include "state/rocksdb/slices.h"
#include "state/rocksdb/store_metadata.h"

#include <rocksdb/convenience.h>

#include <array>
#include <string_view>
#include <utility>

namespace moldau::inline v0::state {

namespace {

// A batch that was larger than this once gives its memory back.
constexpr std::size_t largest_kept_batch = 4U << 20;

}  // namespace

// Gives its scan back when it goes.
class RocksDbMap::Iterator final : public BytesIterator {
 public:
  Iterator(const RocksDbMap& map, std::unique_ptr<BoundedScan> scan, const ByteRange& range,
           Direction direction)
      : map_(map), batches_(map.batches_), scan_(std::move(scan)) {
    scan_->seek(range, direction);
    check_end();
  }
  ~Iterator() override {
    if (batches_ == map_.batches_ && scan_->status().ok()) map_.spare_scan_ = std::move(scan_);
  }
  Iterator(const Iterator&) = delete;
  Iterator& operator=(const Iterator&) = delete;

  [[nodiscard]] bool valid() const override { return scan_->valid(); }
  [[nodiscard]] Bytes key() const override { return scan_->key(); }
  [[nodiscard]] Bytes value() const override { return scan_->value(); }
  void next() override {
    scan_->next();
    check_end();
  }

 private:
  // An iterator that failed looks like one that is at its end.
  void check_end() const {
    if (!scan_->valid()) check(scan_->status(), map_.path_, "read a range");
  }

  const RocksDbMap& map_;
  const std::uint64_t batches_;  // that had been written
  std::unique_ptr<BoundedScan> scan_;
};

RocksDbMap::RocksDbMap(std::unique_ptr<rocksdb::DB> db, std::filesystem::path path)
    : db_(std::move(db)), path_(std::move(path)) {
  check_format();
  read_position();
  static_cast<void>(read_metadata(mark_key, mark_));
}

RocksDbMap::~RocksDbMap() {
  spare_scan_.reset();
  // Work in the background must not meet a database that is being closed.
  rocksdb::CancelAllBackgroundWork(db_.get(), /*wait=*/true);
  // What was written is in the log: a failure loses nothing, and there is nobody left to be told.
  db_->Close().PermitUncheckedError();
}

bool RocksDbMap::read_metadata(std::string_view key, std::string& value) const {
  const rocksdb::Status status = db_->Get({}, slice(key), &value);
  if (status.IsNotFound()) return false;
  check(status, path_, "read its metadata");
  return true;
}

bool RocksDbMap::holds_nothing() const {
  const std::unique_ptr<rocksdb::Iterator> entries{db_->NewIterator({})};
  entries->SeekToFirst();
  check(entries->status(), path_, "read its first entry");
  return !entries->Valid();
}

void RocksDbMap::check_format() {
  std::string stored;
  if (!read_metadata(format_key, stored)) {
    if (!holds_nothing()) {
      throw StateStoreError("store " + path_.string() +
                            ": holds a RocksDB that this library did not write; move it away, or "
                            "choose another state folder");
    }
    const ByteBuffer format = encode_format(store_format);
    check(db_->Put({}, slice(format_key), slice(format)), path_, "write its format");
    return;
  }
  const std::optional<std::uint32_t> format = decode_format(Bytes{stored});
  if (!format) throw StoreDamaged("store " + path_.string() + ": its format cannot be read");
  if (*format == store_format) return;
  throw StateStoreError("store " + path_.string() + ": has format " + std::to_string(*format) +
                        ", this release reads format " + std::to_string(store_format) +
                        "; use the release that wrote it, or delete the folder to rebuild it from "
                        "the changelog");
}

void RocksDbMap::read_position() {
  std::string stored;
  if (!read_metadata(position_key, stored)) return;
  position_ = decode_position(Bytes{stored});
  if (!position_) throw StoreDamaged("store " + path_.string() + ": its position cannot be read");
}

bool RocksDbMap::get(Bytes key, ByteBuffer& value) const {
  key_.assign(1, row_prefix);
  key_.append(key.text());
  const rocksdb::Status status = db_->Get({}, db_->DefaultColumnFamily(), key_, &value_);
  if (status.ok()) {
    value.assign(bytes_of(value_));
    value_.Reset();  // it may pin a block of the cache
    return true;
  }
  if (!status.IsNotFound()) throw_failed(path_, "read a key", status);
  return false;
}

std::unique_ptr<BytesIterator> RocksDbMap::range(const ByteRange& range,
                                                 Direction direction) const {
  std::unique_ptr<BoundedScan> scan =
      spare_scan_ != nullptr ? std::move(spare_scan_) : std::make_unique<BoundedScan>(*db_);
  return std::make_unique<Iterator>(*this, std::move(scan), range, direction);
}

void RocksDbMap::add(const StorageWrite& write) {
  const std::array<rocksdb::Slice, 2> key{rocksdb::Slice{&row_prefix, 1}, slice(write.key)};
  const rocksdb::SliceParts key_parts{key.data(), static_cast<int>(key.size())};
  if (write.erase_up_to) {
    const std::array<rocksdb::Slice, 2> end{key[0], slice(*write.erase_up_to)};
    return check(batch_.DeleteRange(key_parts, {end.data(), static_cast<int>(end.size())}), path_,
                 "gather the deletion of a range");
  }
  if (!write.value) return check(batch_.Delete(key_parts), path_, "gather a deletion");
  const rocksdb::Slice value = slice(*write.value);
  check(batch_.Put(key_parts, {&value, 1}), path_, "gather a write");
}

void RocksDbMap::apply(std::span<const StorageWrite> writes,
                       const std::optional<ChangelogPosition>& position) {
  batch_.Clear();
  for (const StorageWrite& write : writes) add(write);
  if (position) {
    ByteBuffer encoded;
    encode_position(*position, encoded);
    check(batch_.Put(slice(position_key), slice(encoded)), path_, "gather the position");
  }
  spare_scan_.reset();
  ++batches_;
  // The log is not synced: a crash of the machine may cut off the last batches, position included,
  // and the changelog gives them back.
  check(db_->Write({}, &batch_), path_, "commit");
  if (position) position_ = position;
  if (batch_.GetDataSize() > largest_kept_batch) batch_ = rocksdb::WriteBatch{};
}

std::uint64_t RocksDbMap::approximate_entries() const {
  std::uint64_t entries = 0;
  if (!db_->GetIntProperty(rocksdb::DB::Properties::kEstimateNumKeys, &entries)) return 0;
  const std::uint64_t metadata = 1U + (position_ ? 1U : 0U) + (mark_.empty() ? 0U : 1U);
  return entries > metadata ? entries - metadata : 0;
}

void RocksDbMap::set_mark(Bytes mark) {
  check(db_->Put({}, slice(mark_key), slice(mark)), path_, "write its mark");
  mark_.assign(mark.text());
}

}  // namespace moldau::inline v0::state
