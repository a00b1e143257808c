#pragma once

#include "moldau/state/key_value_bytes_store.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace moldau::inline v0::state {

// A store that stands on another one, its own or somebody else's.
class MOLDAU_TESTING_EXPORT StandingStore : public KeyValueBytesStore {
 public:
  ~StandingStore() override;
  [[nodiscard]] virtual KeyValueBytesStore& below() const noexcept = 0;
};

// A store on top of another one. Hands everything down: a layer overrides what it changes.
class MOLDAU_TESTING_EXPORT StoreLayer : public StandingStore {
 public:
  explicit StoreLayer(std::unique_ptr<KeyValueBytesStore> below) : below_(std::move(below)) {}
  ~StoreLayer() override;

  [[nodiscard]] KeyValueBytesStore& below() const noexcept final { return *below_; }

  [[nodiscard]] std::string_view name() const override { return below_->name(); }
  [[nodiscard]] const StoreSpec& spec() const override { return below_->spec(); }
  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void flush_cache() override { below_->flush_cache(); }
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override { below_->write_down(); }
  void rollback() override { below_->rollback(); }
  [[nodiscard]] std::size_t uncommitted_bytes() const override;
  [[nodiscard]] std::optional<ChangelogPosition> committed_position() const override;

  bool get(Bytes key, ByteBuffer& value) override { return below_->get(key, value); }
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;
  [[nodiscard]] std::uint64_t approximate_entries() override;
  [[nodiscard]] OpenIterators* open_iterators() override { return below_->open_iterators(); }
  [[nodiscard]] bool cached() const override { return below_->cached(); }
  void set_flush_listener(FlushListener& listener, bool wants_old_values) override;

 private:
  std::unique_ptr<KeyValueBytesStore> below_;
};

// The layer of that class in the stack that begins at `store`; nullptr if there is none. For
// opening stores, not for records.
template <class Layer>
[[nodiscard]] Layer* find_layer(StateStore& store) {
  StateStore* at = &store;
  while (true) {
    if (auto* found = dynamic_cast<Layer*>(at)) return found;
    auto* standing = dynamic_cast<StandingStore*>(at);
    if (standing == nullptr) return nullptr;
    at = &standing->below();
  }
}

}  // namespace moldau::inline v0::state
