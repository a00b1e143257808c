#include "moldau/state/storage.h"

#include "state/rocksdb/rocksdb_map.h"
#include "state/rocksdb/rocksdb_options.h"
#include "state/rocksdb/rocksdb_status.h"

#include <rocksdb/db.h>

#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace moldau::inline v0::state {

namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    throw StateStoreError("store " + path.string() + ": cannot make the folder: " +
                          error.message() + "; check the state folder and its permissions");
  }
}

[[noreturn]] void throw_unreadable(const fs::path& path, const std::error_code& error) {
  throw StateStoreError("store " + path.string() + ": cannot read the folder: " + error.message() +
                        "; check its permissions");
}

// RocksDB follows links, and writes and deletes where they lead.
void refuse_link(const fs::path& path, const fs::path& link) {
  std::error_code ignored;
  if (!fs::is_symlink(link, ignored)) return;
  throw StateStoreError("store " + path.string() + ": " + link.string() +
                        " is a symbolic link, and those are not followed below the state folder; "
                        "remove it, or choose the state folder that it leads to");
}

void refuse_links_in(const fs::path& path) {
  std::error_code error;
  fs::directory_iterator entries{path, error};
  for (; !error && entries != fs::directory_iterator{}; entries.increment(error)) {
    refuse_link(path, entries->path());
  }
  if (error) throw_unreadable(path, error);
}

// A folder that RocksDB has begun to set up when the process died holds no data yet.
bool may_be_unfinished(const std::string& file) {
  return file == "LOCK" || file == "LOG" || file.starts_with("LOG.old.") || file == "IDENTITY" ||
         file == "MANIFEST-000001" || file.ends_with(".dbtmp");
}

// Of one that was set up: options are written after CURRENT.
bool holds_data(const std::string& file) {
  return file.ends_with(".sst") || file.ends_with(".log") || file.starts_with("MANIFEST-") ||
         file.starts_with("OPTIONS-");
}

// Asked to create what is missing, RocksDB starts afresh if CURRENT alone is gone, and settles down
// between files of somebody else.
void refuse_to_overwrite(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path / "CURRENT", error)) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
    const std::string file = entry.path().filename().string();
    if (may_be_unfinished(file)) continue;
    if (holds_data(file)) {
      throw StoreDamaged("store " + path.string() + ": the file CURRENT is missing");
    }
    throw StateStoreError(
        "store " + path.string() + ": the folder holds " + file +
        ", which is not of a store; move it away, or choose another state folder");
  }
  if (error) throw_unreadable(path, error);
}

class RocksDbStorage final : public Storage {
 public:
  explicit RocksDbStorage(const StorageBudget& budget) : options_(make_options(budget)) {}

  [[nodiscard]] std::unique_ptr<StorageMap> open(const fs::path& path) override {
    return open(path, options_);
  }
  [[nodiscard]] std::unique_ptr<StorageMap> open_with(const fs::path& path,
                                                      const RocksDbOptionsSetter& setter) override {
    rocksdb::Options options = options_;
    setter(path.filename().string(), options);
    set_what_stores_rely_on(options);
    return open(path, options);
  }

  void destroy(const fs::path& path) override {
    refuse_link(path, path.parent_path());
    refuse_link(path, path);
    std::error_code error;
    if (!fs::exists(path, error)) return;
    check(rocksdb::DestroyDB(path.string(), options_), path, "delete it");
  }

 private:
  [[nodiscard]] static std::unique_ptr<StorageMap> open(const fs::path& path,
                                                        const rocksdb::Options& options) {
    refuse_link(path, path.parent_path());  // of the task
    refuse_link(path, path);
    make_folder(path);
    refuse_links_in(path);
    refuse_to_overwrite(path);
    rocksdb::DB* db = nullptr;
    check(rocksdb::DB::Open(options, path.string(), &db), path, "open it");
    return std::make_unique<RocksDbMap>(std::unique_ptr<rocksdb::DB>{db}, path);
  }

  const rocksdb::Options options_;  // shares what is in it with every database it opens
};

}  // namespace

std::shared_ptr<Storage> make_rocksdb_storage(const StorageBudget& budget) {
  return std::make_shared<RocksDbStorage>(budget);
}

}  // namespace moldau::inline v0::state
