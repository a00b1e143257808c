#pragma once

#include "moldau/state/storage.h"

#include "state/memory_map.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace moldau::state {

// What has been asked of a storage.
struct StorageWork {
  std::size_t gets = 0;
  std::size_t ranges = 0;
  std::size_t rows = 0;  // that ranges have come to
  std::size_t writes = 0;

  friend bool operator==(const StorageWork&, const StorageWork&) = default;
};

// A storage in memory that counts what is asked of it.
class CountingStorage final : public Storage {
 public:
  [[nodiscard]] std::unique_ptr<StorageMap> open(const std::filesystem::path&) override {
    return std::make_unique<Map>(work);
  }
  void destroy(const std::filesystem::path&) override {}

  StorageWork work;

 private:
  class Range final : public BytesIterator {
   public:
    Range(std::unique_ptr<BytesIterator> rows, StorageWork& work)
        : rows_(std::move(rows)), work_(work) {
      count();
    }
    [[nodiscard]] bool valid() const override { return rows_->valid(); }
    [[nodiscard]] Bytes key() const override { return rows_->key(); }
    [[nodiscard]] Bytes value() const override { return rows_->value(); }
    void next() override {
      rows_->next();
      count();
    }

   private:
    void count() {
      if (rows_->valid()) ++work_.rows;
    }

    std::unique_ptr<BytesIterator> rows_;
    StorageWork& work_;
  };

  class Map final : public StorageMap {
   public:
    explicit Map(StorageWork& work) : work_(work) {}
    bool get(Bytes key, ByteBuffer& value) const override {
      ++work_.gets;
      return rows_.get(key, value);
    }
    [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                       Direction direction) const override {
      ++work_.ranges;
      return std::make_unique<Range>(rows_.range(range, direction), work_);
    }
    void apply(std::span<const StorageWrite> writes,
               const std::optional<ChangelogPosition>& position) override {
      work_.writes += writes.size();
      rows_.apply(writes, position);
    }
    [[nodiscard]] std::optional<ChangelogPosition> position() const override {
      return rows_.position();
    }
    [[nodiscard]] std::uint64_t approximate_entries() const override {
      return rows_.approximate_entries();
    }
    [[nodiscard]] Bytes mark() const override { return rows_.mark(); }
    void set_mark(Bytes mark) override { rows_.set_mark(mark); }

   private:
    MemoryMap rows_;
    StorageWork& work_;
  };
};

}  // namespace moldau::state
