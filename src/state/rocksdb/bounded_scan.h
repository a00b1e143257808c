#pragma once

#include "moldau/base/bytes.h"
#include "moldau/state/key_value_bytes_store.h"

#include <rocksdb/db.h>

#include <memory>
#include <string>

namespace moldau::inline v0::state {

// An iterator of RocksDB's over rows, whose bounds can be set anew. To make one costs more than to
// seek with it, and the more files there are, the more. It shows what the database held when it was
// made, and keeps that from being deleted.
class BoundedScan {
 public:
  explicit BoundedScan(rocksdb::DB& db);
  BoundedScan(const BoundedScan&) = delete;
  BoundedScan& operator=(const BoundedScan&) = delete;

  // Turns to the first entry of the range in that direction.
  void seek(const ByteRange& range, Direction direction);
  void next();

  [[nodiscard]] bool valid() const { return !empty_ && entries_->Valid(); }
  // What went wrong, if valid() says false because of that.
  [[nodiscard]] rocksdb::Status status() const {
    return empty_ ? rocksdb::Status::OK() : entries_->status();
  }
  // REQUIRES: valid().
  [[nodiscard]] Bytes key() const;
  [[nodiscard]] Bytes value() const;

 private:
  std::string from_;
  std::string behind_;
  // RocksDB keeps pointers to them, and looks at them with each seek.
  rocksdb::Slice lower_;
  rocksdb::Slice upper_;
  bool empty_ = true;  // RocksDB has no word for a range that ends before it begins
  Direction direction_ = Direction::forward;
  std::unique_ptr<rocksdb::Iterator> entries_;
};

}  // namespace moldau::inline v0::state
