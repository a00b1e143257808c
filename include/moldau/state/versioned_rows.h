#pragma once

#include "moldau/base/bytes.h"
#include "moldau/base/timestamp.h"
#include "moldau/export.h"
#include "moldau/state/shared_access.h"
#include "moldau/state/window_rows.h"

#include <memory>
#include <optional>

namespace moldau::inline v0::state {

class VersionedStore;

// What a key was during some time.
struct Version {
  Timestamp from;                  // when it came to be
  std::optional<Timestamp> until;  // when the next one did; nullopt: it is the latest
};

// Goes over the versions of one key. value() is valid until next().
class MOLDAU_EXPORT VersionIterator {
 public:
  virtual ~VersionIterator();
  [[nodiscard]] virtual bool valid() const = 0;
  // REQUIRES: valid().
  [[nodiscard]] virtual Version version() const = 0;
  [[nodiscard]] virtual Bytes value() const = 0;
  virtual void next() = 0;
};

// A versioned store as the node above it sees it: what a key was at each
// time of the history retention. Never cached.
class MOLDAU_EXPORT VersionedRows {
 public:
  // Throws TopologyError naming the store if it is not a versioned store.
  void open(StateStore& store);
  [[nodiscard]] bool is_open() const noexcept { return store_ != nullptr; }

  // How a version that was put lies among the others.
  struct Put {
    bool accepted;                   // false: older than the history; dropped and counted
    std::optional<Timestamp> until;  // as Version::until
  };
  // A version from that time on; nullopt: the key is deleted then.
  Put put(Bytes key, std::optional<Bytes> value, Timestamp from, const RecordContext& context);

  // The latest version. nullopt, and `value` untouched, if there is none or it is a deletion.
  std::optional<Version> get(Bytes key, ByteBuffer& value);
  // The version at that time. nullopt also if the history does not reach back so far.
  std::optional<Version> get(Bytes key, Timestamp at, ByteBuffer& value);
  // The versions that were in force some time within the span.
  [[nodiscard]] std::unique_ptr<VersionIterator> history(Bytes key, TimeSpan span,
                                                         Direction direction);

 private:
  KeyValueBytesStore* store_ = nullptr;
  VersionedStore* versions_ = nullptr;  // the layer of it that knows about versions
  SharedAccess access_;
};

}  // namespace moldau::inline v0::state
