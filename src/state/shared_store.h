#pragma once

#include "moldau/state/key_value_bytes_store.h"

#include "state/store_layer.h"

#include <memory>
#include <mutex>

namespace moldau::inline v0::state {

// A store that several threads use: one that writes, and any that read. Each call takes a lock for
// as long as it runs, as does who looks into a layer below (SharedAccess), so a reader never waits
// for more than one other call. Iterators read in chunks, hold no lock in between, and show what is
// written meanwhile or not.
class SharedStore final : public StoreLayer {
 public:
  explicit SharedStore(std::unique_ptr<KeyValueBytesStore> below);
  ~SharedStore() override;

  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void flush_cache() override;
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override;
  void rollback() override;
  [[nodiscard]] std::size_t uncommitted_bytes() const override;
  [[nodiscard]] std::optional<ChangelogPosition> committed_position() const override;

  bool get(Bytes key, ByteBuffer& value) override;
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;
  [[nodiscard]] std::uint64_t approximate_entries() override;

  [[nodiscard]] std::mutex& mutex() const noexcept { return mutex_; }

 private:
  class Chunks;

  mutable std::mutex mutex_;  // guards the store below
};

// A store of somebody else's, to be read. Writing to it throws StateStoreError.
class ReadOnlyStore final : public StandingStore {
 public:
  // `store` outlives this object.
  explicit ReadOnlyStore(KeyValueBytesStore& store) : store_(store) {}
  ~ReadOnlyStore() override;

  [[nodiscard]] KeyValueBytesStore& below() const noexcept override { return store_; }

  [[nodiscard]] std::string_view name() const override { return store_.name(); }
  [[nodiscard]] const StoreSpec& spec() const override { return store_.spec(); }
  void restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) override;
  void flush_cache() override {}
  void commit(const std::optional<ChangelogPosition>& position) override;
  void write_down() override {}
  void rollback() override {}
  [[nodiscard]] std::size_t uncommitted_bytes() const override { return 0; }
  [[nodiscard]] std::optional<ChangelogPosition> committed_position() const override;

  bool get(Bytes key, ByteBuffer& value) override { return store_.get(key, value); }
  void put(Bytes key, std::optional<Bytes> value, const RecordContext& context) override;
  [[nodiscard]] std::unique_ptr<BytesIterator> range(const ByteRange& range,
                                                     Direction direction) override;
  [[nodiscard]] std::uint64_t approximate_entries() override {
    return store_.approximate_entries();
  }
  [[nodiscard]] OpenIterators* open_iterators() override { return store_.open_iterators(); }
  [[nodiscard]] bool cached() const override { return false; }
  void set_flush_listener(FlushListener& listener, bool wants_old_values) override;

 private:
  [[noreturn]] void refuse() const;

  KeyValueBytesStore& store_;
};

}  // namespace moldau::inline v0::state
