#include "state/rocksdb/rocksdb_status.h"

#include "moldau/state/storage.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace moldau::inline v0::state {

namespace {

// RocksDB hands on the words of the system, not its number: what the folder allows is asked again.
std::string_view access_remedy(const std::filesystem::path& path) {
  if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) return {};
  switch (errno) {
    case EACCES:
      return "this user may not read and write the folder; give it to the user the application "
             "runs as";
    case EROFS:
      return "the file system is read-only; mount it writable, or move the state folder";
    default:
      return {};
  }
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string_view remedy(const std::filesystem::path& path, const rocksdb::Status& status,
                        const std::string& reason) {
  if (status.IsNoSpace()) return "the disk is full; free some space";
  // There is no code of its own for a lock that is held.
  if (contains(reason, "lock ") || contains(reason, "LOCK:")) {
    return "another process, or another application in this one, has the store open; stop it, or "
           "give each its own state folder";
  }
  if (contains(reason, "Too many open files")) {
    return "raise the limit of open files (ulimit -n)";
  }
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return "these are not files of this library, or of a newer release of it; move them away, or "
           "choose another state folder";
  }
  const std::string_view access = access_remedy(path);
  return access.empty() ? "check the folder and the disk" : access;
}

}  // namespace

void throw_failed(const std::filesystem::path& path, std::string_view doing,
                  const rocksdb::Status& status) {
  const std::string reason = status.ToString();
  const std::string message =
      "store " + path.string() + ": cannot " + std::string{doing} + ": " + reason;
  if (status.IsCorruption() || status.IsPathNotFound()) throw StoreDamaged(message);
  throw StateStoreError(message + "; " + std::string{remedy(path, status, reason)});
}

}  // namespace moldau::inline v0::state
