#pragma once

#include "moldau/base/status.h"
#include "moldau/export.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace moldau::inline v0 {

// Held while the object lives; the operating system ends it with the process, however that ends.
class MOLDAU_EXPORT FileLock {
 public:
  virtual ~FileLock();
};

// What the library does with files itself: the state directory, its lock, the process file. Stores
// reach the disk through their storage engine. Any thread. Errors name the path and the reason.
class MOLDAU_EXPORT Filesystem {
 public:
  virtual ~Filesystem();

  // Makes the folder and its parents, readable by the owner only. Fine if it exists.
  virtual Status create_directories(const std::filesystem::path& path) = 0;

  // Locks `path` (made if missing) against other processes and against this one. ErrorCode::locked
  // if somebody holds it; never waits.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::filesystem::path& path) = 0;

  // The whole file; nullopt if there is none.
  virtual Result<std::optional<std::string>> read(const std::filesystem::path& path) = 0;

  // Replaces the file. After a crash it holds the old or the new contents, nothing else. One writer
  // at a time: the new contents are gathered in `path` + ".tmp".
  virtual Status write_durably(const std::filesystem::path& path, std::string_view contents) = 0;

  // A number that stays with the file when it is renamed and differs in a copy.
  virtual Result<std::uint64_t> file_id(const std::filesystem::path& path) = 0;

  // Names of the folders directly inside `path`, sorted; none if `path` does not exist.
  virtual Result<std::vector<std::string>> directories(const std::filesystem::path& path) = 0;

  // Removes a folder with all it holds. Fine if it does not exist. Does not follow links.
  virtual Status remove_all(const std::filesystem::path& path) = 0;
};

// The machine's file system.
[[nodiscard]] MOLDAU_EXPORT Filesystem& system_filesystem() noexcept;

}  // namespace moldau::inline v0
