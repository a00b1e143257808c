#include "moldau/state/versioned_rows.h"

#include "moldau/base/error.h"

#include "state/versioned_store.h"

#include <algorithm>
#include <string>
#include <utility>

namespace moldau::inline v0::state {

namespace {

class OwnedVersions final : public VersionIterator {
 public:
  explicit OwnedVersions(std::vector<VersionedStore::OwnedVersion> versions)
      : versions_(std::move(versions)) {}

  [[nodiscard]] bool valid() const override { return at_ < versions_.size(); }
  [[nodiscard]] Version version() const override { return versions_[at_].version; }
  [[nodiscard]] Bytes value() const override { return versions_[at_].value; }
  void next() override { ++at_; }

 private:
  std::vector<VersionedStore::OwnedVersion> versions_;
  std::size_t at_ = 0;
};

}  // namespace

VersionIterator::~VersionIterator() = default;

void VersionedRows::open(StateStore& store) {
  store_ = dynamic_cast<KeyValueBytesStore*>(&store);
  versions_ = find_layer<VersionedStore>(store);
  if (versions_ == nullptr) {
    throw TopologyError("store \"" + std::string{store.name()} +
                        "\" is not a versioned store: it keeps one value per key; give it a "
                        "history, or do not ask it for versions");
  }
  access_ = SharedAccess{store};
}

VersionedRows::Put VersionedRows::put(Bytes key, std::optional<Bytes> value, Timestamp from,
                                      const RecordContext& context) {
  RecordContext at = context;
  at.timestamp = from;
  store_->put(key, value, at);
  return versions_->last_put();
}

std::optional<Version> VersionedRows::get(Bytes key, ByteBuffer& value) {
  const auto lock = access_.lock();
  return versions_->latest(key, value);
}

std::optional<Version> VersionedRows::get(Bytes key, Timestamp at, ByteBuffer& value) {
  const auto lock = access_.lock();
  return versions_->at(key, at, value);
}

std::unique_ptr<VersionIterator> VersionedRows::history(Bytes key, TimeSpan span,
                                                        Direction direction) {
  std::vector<VersionedStore::OwnedVersion> versions;
  {
    const auto lock = access_.lock();
    versions = versions_->history(key, span);
  }
  if (direction == Direction::backward) std::ranges::reverse(versions);
  return std::make_unique<OwnedVersions>(std::move(versions));
}

}  // namespace moldau::inline v0::state
