#pragma once

#include <rocksdb/status.h>

#include <filesystem>
#include <string_view>

namespace moldau::inline v0::state {

// Throws what a failed call means for the store at `path`: StoreDamaged if its files are, otherwise
// StateStoreError with the reason and what to do. `doing` completes "store <path>: cannot ".
// REQUIRES: !status.ok().
[[noreturn]] void throw_failed(const std::filesystem::path& path, std::string_view doing,
                               const rocksdb::Status& status);

inline void check(const rocksdb::Status& status, const std::filesystem::path& path,
                  std::string_view doing) {
  if (!status.ok()) throw_failed(path, doing, status);
}

}  // namespace moldau::inline v0::state
