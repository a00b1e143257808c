#pragma once

#include "moldau/state/storage.h"

#include <absl/container/btree_set.h>

#include <cstddef>
#include <memory>

namespace moldau::inline v0::state {

// A StorageMap in memory, gone with the object.
class MemoryMap final : public StorageMap {
 public:
  MemoryMap();

  bool get(Bytes key, ByteBuffer& value) const override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) const override;
  void apply(std::span<const StorageWrite> writes,
             const std::optional<ChangelogPosition>& position) override;
  [[nodiscard]] std::optional<ChangelogPosition> position() const override { return position_; }
  [[nodiscard]] std::uint64_t approximate_entries() const override { return rows_->size(); }
  [[nodiscard]] Bytes mark() const override { return mark_; }
  void set_mark(Bytes mark) override { mark_.assign(mark); }

  // Key and value in one piece of memory.
  class Entry {
   public:
    Entry(Bytes key, Bytes value);
    [[nodiscard]] Bytes key() const noexcept { return bytes_.bytes().first(key_size_); }
    [[nodiscard]] Bytes value() const noexcept { return bytes_.bytes().without_first(key_size_); }
    // Of an element of a set, which is const for its order: the value takes no part in that.
    void set_value(Bytes value) const;

   private:
    mutable ByteBuffer bytes_;
    std::size_t key_size_;
  };
  struct ByKey {
    using is_transparent = void;
    static Bytes key(Bytes bytes) noexcept { return bytes; }
    static Bytes key(const Entry& entry) noexcept { return entry.key(); }
    template <class A, class B>
    bool operator()(const A& a, const B& b) const noexcept {
      return key(a) < key(b);
    }
  };
  using Rows = absl::btree_set<Entry, ByKey>;

 private:
  // Shared with the iterators. Copied before it changes if there are any: a snapshot costs nothing
  // unless something is written while it is looked at.
  std::shared_ptr<Rows> rows_;
  std::optional<ChangelogPosition> position_;
  ByteBuffer mark_;
};

}  // namespace moldau::inline v0::state
