#include "state/shared_store.h"

#include "moldau/base/assert.h"
#include "moldau/base/error.h"
#include "moldau/state/shared_access.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace moldau::inline v0::state {

namespace {

constexpr std::size_t chunk_entries = 128;
// Behind a key there is no key before the one with this byte appended.
constexpr std::byte least_byte{0};

}  // namespace

// Copies some entries at a time, and goes on behind the last of them.
class SharedStore::Chunks final : public BytesIterator {
 public:
  Chunks(SharedStore& store, ByteRange range, Direction direction)
      : store_(store), rest_(std::move(range)), direction_(direction) {
    fill();
  }

  [[nodiscard]] bool valid() const override { return at_ < size_; }
  [[nodiscard]] Bytes key() const override { return entries_[at_].key; }
  [[nodiscard]] Bytes value() const override { return entries_[at_].value; }
  void next() override {
    if (++at_ == size_ && !last_) fill();
  }

 private:
  struct Entry {
    ByteBuffer key;
    ByteBuffer value;
  };

  void fill() {
    if (size_ > 0) go_on_behind(entries_[size_ - 1].key);
    entries_.resize(chunk_entries);
    at_ = 0;
    size_ = 0;
    const std::lock_guard lock{store_.mutex_};
    const std::unique_ptr<BytesIterator> from = store_.below().range(rest_, direction_);
    for (; from->valid() && size_ < chunk_entries; from->next(), ++size_) {
      entries_[size_].key.assign(from->key());
      entries_[size_].value.assign(from->value());
    }
    last_ = size_ < chunk_entries;
  }

  void go_on_behind(const ByteBuffer& key) {
    if (direction_ == Direction::forward) {
      rest_.from = key;
      rest_.from->append(least_byte);
    } else {
      rest_.to = key;
      rest_.to_exclusive = true;
    }
  }

  SharedStore& store_;
  ByteRange rest_;
  Direction direction_;
  std::vector<Entry> entries_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  bool last_ = false;
};

SharedStore::SharedStore(std::unique_ptr<KeyValueBytesStore> below)
    : StoreLayer(std::move(below)) {}
SharedStore::~SharedStore() = default;

void SharedStore::restore(std::span<const RawRecord> changelog, const ChangelogPosition& reached) {
  const std::lock_guard lock{mutex_};
  StoreLayer::restore(changelog, reached);
}

void SharedStore::flush_cache() {
  const std::lock_guard lock{mutex_};
  StoreLayer::flush_cache();
}

void SharedStore::commit(const std::optional<ChangelogPosition>& position) {
  const std::lock_guard lock{mutex_};
  StoreLayer::commit(position);
}

void SharedStore::write_down() {
  const std::lock_guard lock{mutex_};
  StoreLayer::write_down();
}

void SharedStore::rollback() {
  const std::lock_guard lock{mutex_};
  StoreLayer::rollback();
}

std::size_t SharedStore::uncommitted_bytes() const {
  const std::lock_guard lock{mutex_};
  return StoreLayer::uncommitted_bytes();
}

std::optional<ChangelogPosition> SharedStore::committed_position() const {
  const std::lock_guard lock{mutex_};
  return StoreLayer::committed_position();
}

bool SharedStore::get(Bytes key, ByteBuffer& value) {
  const std::lock_guard lock{mutex_};
  return StoreLayer::get(key, value);
}

void SharedStore::put(Bytes key, std::optional<Bytes> value, const RecordContext& context) {
  const std::lock_guard lock{mutex_};
  StoreLayer::put(key, value, context);
}

std::unique_ptr<BytesIterator> SharedStore::range(const ByteRange& range, Direction direction) {
  return std::make_unique<Chunks>(*this, range, direction);
}

std::uint64_t SharedStore::approximate_entries() {
  const std::lock_guard lock{mutex_};
  return StoreLayer::approximate_entries();
}

SharedAccess::SharedAccess(StateStore& store)
    : read_only_(dynamic_cast<ReadOnlyStore*>(&store) != nullptr) {
  const auto* shared = find_layer<SharedStore>(store);
  if (shared != nullptr) mutex_ = &shared->mutex();
}

ReadOnlyStore::~ReadOnlyStore() = default;

void ReadOnlyStore::refuse() const {
  throw StateStoreError("store \"" + std::string{name()} +
                        "\" is a global one: only the processor that fills it from its topic may "
                        "write to it");
}

void ReadOnlyStore::restore(std::span<const RawRecord>, const ChangelogPosition&) { refuse(); }

void ReadOnlyStore::commit(const std::optional<ChangelogPosition>&) {}

std::optional<ChangelogPosition> ReadOnlyStore::committed_position() const {
  return store_.committed_position();
}

void ReadOnlyStore::put(Bytes, std::optional<Bytes>, const RecordContext&) { refuse(); }

std::unique_ptr<BytesIterator> ReadOnlyStore::range(const ByteRange& range, Direction direction) {
  return store_.range(range, direction);
}

void ReadOnlyStore::set_flush_listener(FlushListener&, bool) { MOLDAU_ASSERT(cached()); }

}  // namespace moldau::inline v0::state
