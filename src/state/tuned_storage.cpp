#include "moldau/state/storage.h"

#include <utility>

namespace moldau::inline v0::state {

namespace {

class TunedStorage final : public Storage {
 public:
  TunedStorage(std::shared_ptr<Storage> below, RocksDbOptionsSetter setter)
      : below_(std::move(below)), setter_(std::move(setter)) {}

  [[nodiscard]] std::unique_ptr<StorageMap> open(const std::filesystem::path& path) override {
    return below_->open_with(path, setter_);
  }
  void destroy(const std::filesystem::path& path) override { below_->destroy(path); }

 private:
  std::shared_ptr<Storage> below_;  // shared by all applications of the process
  RocksDbOptionsSetter setter_;
};

}  // namespace

std::shared_ptr<Storage> with_rocksdb_options(std::shared_ptr<Storage> storage,
                                              RocksDbOptionsSetter setter) {
  if (setter == nullptr) return storage;
  return std::make_shared<TunedStorage>(std::move(storage), std::move(setter));
}

}  // namespace moldau::inline v0::state
