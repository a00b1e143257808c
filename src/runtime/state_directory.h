#pragma once

#include "moldau/base/filesystem.h"
#include "moldau/base/ids.h"
#include "moldau/base/logger.h"
#include "moldau/base/random.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace moldau::inline v0::runtime {

// The folder of one application on this machine: `<state.dir>/<application.id>/moldau`. Apart from
// the files of the Java library, which looks one level up.
//
//   lock       held while the application runs
//   process    the process id, kept across restarts, and how many threads there were
//   0_1/NAME/  the store NAME of task 0_1
//
// The process id names the group member and the transactional id: with the same ones a killed
// process gets its tasks back at once and ends its own dangling transaction. A copied folder must
// not act as the original, so the process file also remembers which lock file it belongs to.
//
// Below `state.dir` no folder may be a symbolic link; the storage looks at its own.
class StateDirectory {
 public:
  // Makes the folder and locks it. Throws StateStoreError: not writable, a link, or used by another
  // process.
  StateDirectory(Filesystem& files, const std::filesystem::path& state_dir,
                 std::string_view application_id, Random& random, Logger& logger);
  ~StateDirectory();

  // Deletes the stores of an application, whose next start reads them from their changelogs; the
  // process id stays. Fine if there are none. Throws StateStoreError: used by an instance, or
  // something cannot be deleted.
  static void clear(Filesystem& files, const std::filesystem::path& state_dir,
                    std::string_view application_id, Logger& logger);

  // Tasks whose stores lie in the folder of an application; none if it cannot be read. Locks
  // nothing.
  [[nodiscard]] static std::set<TaskId> stored_tasks(Filesystem& files,
                                                     const std::filesystem::path& state_dir,
                                                     std::string_view application_id);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& process_id() const noexcept { return process_id_; }

  // Threads of the last start; remembers the number of this one. Throws StateStoreError.
  [[nodiscard]] int previous_threads() const noexcept { return previous_threads_; }
  void remember_threads(int threads);
  [[nodiscard]] int threads() const noexcept { return threads_; }

  // REQUIRES: `store` is a store name of a topology, so it is safe in a path.
  [[nodiscard]] std::filesystem::path store_path(TaskId task, std::string_view store) const;

 private:
  void load_process_file(Random& random, Logger& logger);
  void write_process_file();

  Filesystem& files_;
  std::filesystem::path path_;
  std::unique_ptr<FileLock> lock_;
  std::uint64_t lock_id_ = 0;
  std::string process_id_;
  int previous_threads_ = 0;
  int threads_ = 0;
};

// A random (version 4) UUID in its text form.
[[nodiscard]] std::string random_uuid(Random& random);

}  // namespace moldau::inline v0::runtime
