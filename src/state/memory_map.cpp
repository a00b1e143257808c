#include "state/memory_map.h"

#include <iterator>
#include <utility>

namespace moldau::inline v0::state {

namespace {

class MemoryIterator final : public BytesIterator {
 public:
  MemoryIterator(std::shared_ptr<const MemoryMap::Rows> rows, const ByteRange& range,
                 Direction direction)
      : rows_(std::move(rows)), direction_(direction) {
    begin_ = range.from ? rows_->lower_bound(range.from->bytes()) : rows_->begin();
    end_ = rows_->end();
    if (range.to) {
      const Bytes to = *range.to;
      end_ = range.to_exclusive ? rows_->lower_bound(to) : rows_->upper_bound(to);
    }
    // A range that ends before it begins holds nothing.
    const bool crossed = range.from && range.to && range.to->bytes() < range.from->bytes();
    if (crossed) end_ = begin_;
  }

  [[nodiscard]] bool valid() const override { return begin_ != end_; }
  [[nodiscard]] Bytes key() const override { return current()->key(); }
  [[nodiscard]] Bytes value() const override { return current()->value(); }
  void next() override {
    if (direction_ == Direction::forward) {
      ++begin_;
    } else {
      --end_;
    }
  }

 private:
  [[nodiscard]] MemoryMap::Rows::const_iterator current() const {
    return direction_ == Direction::forward ? begin_ : std::prev(end_);
  }

  std::shared_ptr<const MemoryMap::Rows> rows_;
  Direction direction_;
  // What is left: it shrinks from the side that is being read.
  MemoryMap::Rows::const_iterator begin_;
  MemoryMap::Rows::const_iterator end_;
};

}  // namespace

MemoryMap::Entry::Entry(Bytes key, Bytes value) : key_size_(key.size()) {
  bytes_.reserve(key.size() + value.size());
  bytes_.append(key);
  bytes_.append(value);
}

void MemoryMap::Entry::set_value(Bytes value) const {
  bytes_.resize(key_size_);
  bytes_.append(value);
}

MemoryMap::MemoryMap() : rows_(std::make_shared<Rows>()) {}

bool MemoryMap::get(Bytes key, ByteBuffer& value) const {
  const auto at = rows_->find(key);
  if (at == rows_->end()) return false;
  value.assign(at->value());
  return true;
}

std::unique_ptr<BytesIterator> MemoryMap::range(const ByteRange& range, Direction direction) const {
  return std::make_unique<MemoryIterator>(rows_, range, direction);
}

void MemoryMap::apply(std::span<const StorageWrite> writes,
                      const std::optional<ChangelogPosition>& position) {
  if (rows_.use_count() > 1) rows_ = std::make_shared<Rows>(*rows_);
  for (const StorageWrite& write : writes) {
    const Bytes key = write.key;
    if (write.erase_up_to) {
      if (key < *write.erase_up_to) {
        rows_->erase(rows_->lower_bound(key), rows_->lower_bound(*write.erase_up_to));
      }
      continue;
    }
    const auto at = rows_->lower_bound(key);
    const bool found = at != rows_->end() && at->key() == key;
    if (write.value && found) {
      at->set_value(*write.value);
    } else if (write.value) {
      rows_->emplace_hint(at, key, *write.value);
    } else if (found) {
      rows_->erase(at);
    }
  }
  if (position) position_ = position;
}

}  // namespace moldau::inline v0::state
