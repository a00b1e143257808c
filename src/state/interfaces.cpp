#include "moldau/state/key_value_bytes_store.h"
#include "moldau/state/restore_listener.h"
#include "moldau/state/standby_listener.h"
#include "moldau/state/storage.h"
#include "moldau/state/store_serdes.h"
#include "moldau/state/write_context.h"

namespace moldau::inline v0::state {

StateStore::~StateStore() = default;
FlushListener::~FlushListener() = default;
DroppedRows::~DroppedRows() = default;
WriteContext::~WriteContext() = default;
StoreSerdes::~StoreSerdes() = default;
BytesIterator::~BytesIterator() = default;
KeyValueBytesStore::~KeyValueBytesStore() = default;
StoreDamaged::~StoreDamaged() = default;
StorageMap::~StorageMap() = default;
Storage::~Storage() = default;

std::unique_ptr<StorageMap> Storage::open_with(const std::filesystem::path& path,
                                               const RocksDbOptionsSetter& /*setter*/) {
  return open(path);
}

}  // namespace moldau::inline v0::state

namespace moldau::inline v0 {

StateRestoreListener::~StateRestoreListener() = default;
StandbyUpdateListener::~StandbyUpdateListener() = default;

void StateRestoreListener::on_restore_progress(const TopicPartition& /*changelog*/,
                                               std::string_view /*store*/,
                                               const RestoreProgress& /*progress*/) {}

}  // namespace moldau::inline v0
