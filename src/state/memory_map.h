#pragma once

#include "moldau/state/storage.h"

#include <absl/container/btree_map.h>

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

  struct ByBytes {
    using is_transparent = void;
    bool operator()(Bytes a, Bytes b) const noexcept { return a < b; }
  };
  using Rows = absl::btree_map<ByteBuffer, ByteBuffer, ByBytes>;

 private:
  // Shared with the iterators. Copied before it changes if there are any: a snapshot costs nothing
  // unless something is written while it is looked at.
  std::shared_ptr<Rows> rows_;
  std::optional<ChangelogPosition> position_;
};

}  // namespace moldau::inline v0::state
