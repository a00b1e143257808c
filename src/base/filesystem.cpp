#include "moldau/base/filesystem.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace moldau::inline v0 {

FileLock::~FileLock() = default;
Filesystem::~Filesystem() = default;

namespace {

namespace fs = std::filesystem;

Status failure(const fs::path& path, std::string_view doing, int error) {
  return Status::permanent(ErrorCode::io, path.string() + ": cannot " + std::string{doing} + ": " +
                                              std::generic_category().message(error));
}

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool ok() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

// O_NOFOLLOW: nobody can redirect our files through a link below the state directory.
Descriptor open_file(const fs::path& path, int flags, mode_t mode = 0600) {
  for (;;) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode);
    if (number >= 0 || errno != EINTR) return Descriptor{number};
  }
}

bool is_file_at(const Descriptor& file, const fs::path& path) noexcept {
  struct stat opened {};
  struct stat named {};
  return ::fstat(file.number(), &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

Status write_all(const fs::path& path, std::string_view contents) {
  const Descriptor file = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.ok()) return failure(path, "open", errno);
  while (!contents.empty()) {
    const ssize_t count = ::write(file.number(), contents.data(), contents.size());
    if (count < 0 && errno != EINTR) return failure(path, "write", errno);
    if (count > 0) contents.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file.number()) != 0) return failure(path, "sync", errno);
  return {};
}

// Makes the entries of a folder outlive a power loss.
Status sync_folder(const fs::path& path) {
  const fs::path folder = path.empty() ? fs::path{"."} : path;
  const Descriptor file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!file.ok() || ::fsync(file.number()) != 0) return failure(folder, "sync folder", errno);
  return {};
}

class HeldLock final : public FileLock {
 public:
  explicit HeldLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // closing it ends the lock
};

class SystemFilesystem final : public Filesystem {
 public:
  Status create_directories(const fs::path& path) override {
    fs::path made;
    for (const fs::path& part : path) {
      made /= part;
      if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST) {
        // A parent may be readable without being writable: fine as long as it exists.
        const int error = errno;
        std::error_code ignored;
        if (!fs::is_directory(made, ignored)) return failure(made, "make folder", error);
      }
    }
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) return failure(path, "make folder", ENOTDIR);
    return {};
  }

  Result<std::unique_ptr<FileLock>> lock(const fs::path& path) override {
    for (;;) {
      Descriptor file = open_file(path, O_RDWR | O_CREAT);
      if (!file.ok()) return failure(path, "open lock file", errno);
      if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) {
          return Status::permanent(ErrorCode::locked,
                                   path.string() + ": locked by another process or application");
        }
        return failure(path, "lock", errno);
      }
      // Its last holder may have removed the file since we opened it: that lock keeps nobody out.
      if (!is_file_at(file, path)) continue;
      return std::unique_ptr<FileLock>{std::make_unique<HeldLock>(std::move(file))};
    }
  }

  Result<std::optional<std::string>> read(const fs::path& path) override {
    const Descriptor file = open_file(path, O_RDONLY);
    if (!file.ok()) {
      if (errno == ENOENT) return std::optional<std::string>{};
      return failure(path, "open", errno);
    }
    std::string contents;
    std::array<char, 4096> chunk;
    for (;;) {
      const ssize_t count = ::read(file.number(), chunk.data(), chunk.size());
      if (count == 0) return std::optional<std::string>{std::move(contents)};
      if (count > 0) contents.append(chunk.data(), static_cast<std::size_t>(count));
      if (count < 0 && errno != EINTR) return failure(path, "read", errno);
    }
  }

  Status write_durably(const fs::path& path, std::string_view contents) override {
    const fs::path temporary = path.string() + ".tmp";
    if (Status written = write_all(temporary, contents); !written.ok()) {
      ::unlink(temporary.c_str());
      return written;
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failure(path, "replace", errno);
    return sync_folder(path.parent_path());
  }

  Result<std::uint64_t> file_id(const fs::path& path) override {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return failure(path, "look at", errno);
    return static_cast<std::uint64_t>(info.st_ino);
  }

  Result<std::vector<std::string>> directories(const fs::path& path) override {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator entries{path, error};
    if (error == std::errc::no_such_file_or_directory) return names;
    for (; !error && entries != fs::directory_iterator{}; entries.increment(error)) {
      std::error_code ignored;
      if (entries->is_directory(ignored) && !entries->is_symlink(ignored)) {
        names.push_back(entries->path().filename().string());
      }
    }
    if (error) return failure(path, "list", error.value());
    std::ranges::sort(names);
    return names;
  }

  Status remove_all(const fs::path& path) override {
    std::error_code error;
    fs::remove_all(path, error);
    return error ? failure(path, "remove", error.value()) : Status{};
  }
};

}  // namespace

Filesystem& system_filesystem() noexcept {
  static SystemFilesystem filesystem;
  return filesystem;
}

}  // namespace moldau::inline v0
