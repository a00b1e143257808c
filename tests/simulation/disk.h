#pragma once

#include "moldau/base/filesystem.h"
#include "moldau/state/storage.h"

#include "state/memory_map.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace moldau::simulation {

// The disk of one machine: what outlives the processes that write to it. A batch is written whole
// or not at all, as RocksDB's.
class Disk {
 public:
  struct Store {
    state::MemoryMap rows;
    bool damaged = false;  // the next open() finds it out
  };

  // Everything is gone, as after the disk was replaced.
  void wipe();

  std::map<std::string, std::string> files;
  std::set<std::filesystem::path> folders;
  std::set<std::string> locked;
  std::map<std::string, std::unique_ptr<Store>> stores;  // by path
  std::uint64_t generation = 1;                          // another one after each wipe
};

// Files of a process on a disk.
class SimulatedFiles final : public Filesystem {
 public:
  explicit SimulatedFiles(Disk& disk) : disk_(disk) {}

  Status create_directories(const std::filesystem::path& path) override;
  Result<std::unique_ptr<FileLock>> lock(const std::filesystem::path& path) override;
  Result<std::optional<std::string>> read(const std::filesystem::path& path) override;
  Status write_durably(const std::filesystem::path& path, std::string_view contents) override;
  Result<std::uint64_t> file_id(const std::filesystem::path& path) override;
  Result<std::vector<std::string>> directories(const std::filesystem::path& path) override;
  Status remove_all(const std::filesystem::path& path) override;

 private:
  Disk& disk_;
};

// Who sees the batches of a process.
class BatchWatch {
 public:
  // May throw: then the batch is not written. False: the process is gone, nothing is written.
  virtual bool before_batch(const std::string& path) = 0;
  // May throw: the batch is written. `rows` is what the store holds now.
  virtual void after_batch(const std::string& path, std::span<const state::StorageWrite> writes,
                           const state::StorageMap& rows) = 0;
  virtual void destroyed(const std::string& path) = 0;

 protected:
  ~BatchWatch() = default;
};

// Stores of a process on a disk.
class SimulatedStorage final : public state::Storage {
 public:
  SimulatedStorage(Disk& disk, BatchWatch& watch) : disk_(disk), watch_(watch) {}

  std::unique_ptr<state::StorageMap> open(const std::filesystem::path& path) override;
  void destroy(const std::filesystem::path& path) override;

 private:
  class Map;

  Disk& disk_;
  BatchWatch& watch_;
};

}  // namespace moldau::simulation
