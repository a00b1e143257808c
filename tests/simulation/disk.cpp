#include "simulation/disk.h"

#include <utility>

namespace moldau::simulation {

namespace {

class Lock final : public FileLock {
 public:
  Lock(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  ~Lock() override { disk_.locked.erase(path_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Disk& disk_;
  std::string path_;
};

}  // namespace

void Disk::wipe() {
  files.clear();
  folders.clear();
  stores.clear();
  ++generation;
}

Status SimulatedFiles::create_directories(const std::filesystem::path& path) {
  for (std::filesystem::path folder = path; folder.has_relative_path();
       folder = folder.parent_path()) {
    disk_.folders.insert(folder);
  }
  return {};
}

Result<std::unique_ptr<FileLock>> SimulatedFiles::lock(const std::filesystem::path& path) {
  if (!disk_.locked.insert(path.string()).second) {
    return Status::permanent(ErrorCode::locked, path.string() + " is locked");
  }
  return std::unique_ptr<FileLock>{std::make_unique<Lock>(disk_, path.string())};
}

Result<std::optional<std::string>> SimulatedFiles::read(const std::filesystem::path& path) {
  const auto found = disk_.files.find(path.string());
  return found == disk_.files.end() ? std::optional<std::string>{} : found->second;
}

Status SimulatedFiles::write_durably(const std::filesystem::path& path, std::string_view contents) {
  disk_.files.insert_or_assign(path.string(), std::string{contents});
  return {};
}

Result<std::uint64_t> SimulatedFiles::file_id(const std::filesystem::path& /*path*/) {
  return disk_.generation;
}

Result<std::vector<std::string>> SimulatedFiles::directories(const std::filesystem::path& path) {
  std::vector<std::string> names;
  for (const std::filesystem::path& folder : disk_.folders) {
    if (folder.parent_path() == path) names.push_back(folder.filename().string());
  }
  return names;
}

Status SimulatedFiles::remove_all(const std::filesystem::path& /*path*/) {
  return Status::permanent(ErrorCode::unsupported, "simulated disks have no folders to remove");
}

class SimulatedStorage::Map final : public state::StorageMap {
 public:
  Map(Disk::Store& store, BatchWatch& watch, std::string path)
      : store_(store), watch_(watch), path_(std::move(path)) {}

  bool get(Bytes key, ByteBuffer& value) const override { return store_.rows.get(key, value); }
  std::unique_ptr<state::BytesIterator> range(const state::ByteRange& range,
                                              state::Direction direction) const override {
    return store_.rows.range(range, direction);
  }
  void apply(std::span<const state::StorageWrite> writes,
             const std::optional<state::ChangelogPosition>& position) override {
    if (!watch_.before_batch(path_)) return;
    store_.rows.apply(writes, position);
    watch_.after_batch(path_, writes, store_.rows);
  }
  std::optional<state::ChangelogPosition> position() const override {
    return store_.rows.position();
  }
  std::uint64_t approximate_entries() const override { return store_.rows.approximate_entries(); }
  Bytes mark() const override { return store_.rows.mark(); }
  void set_mark(Bytes mark) override { store_.rows.set_mark(mark); }

 private:
  Disk::Store& store_;
  BatchWatch& watch_;
  std::string path_;
};

std::unique_ptr<state::StorageMap> SimulatedStorage::open(const std::filesystem::path& path) {
  std::unique_ptr<Disk::Store>& store = disk_.stores[path.string()];
  if (store == nullptr) store = std::make_unique<Disk::Store>();
  if (store->damaged) throw state::StoreDamaged(path.string() + ": a checksum does not match");
  return std::make_unique<Map>(*store, watch_, path.string());
}

void SimulatedStorage::destroy(const std::filesystem::path& path) {
  disk_.stores.erase(path.string());
  watch_.destroyed(path.string());
}

}  // namespace moldau::simulation
