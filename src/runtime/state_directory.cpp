#include "runtime/state_directory.h"

#include "moldau/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace moldau::inline v0::runtime {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, std::string_view why) {
  throw StateStoreError("state folder " + path.string() + ": " + std::string{why});
}

fs::path folder_of(const fs::path& state_dir, std::string_view application_id) {
  return fs::absolute(state_dir) / application_id / "moldau";
}

std::unique_ptr<FileLock> lock_folder(Filesystem& files, const fs::path& folder) {
  Result<std::unique_ptr<FileLock>> held = files.lock(folder / "lock");
  if (held) return *std::move(held);
  if (held.error().code() == ErrorCode::locked) {
    refuse(folder,
           "another process, or another instance in this one, runs this application here. Stop it, "
           "or give this instance a state.dir of its own");
  }
  refuse(folder, held.error().message());
}

}  // namespace

StateDirectory::StateDirectory(Filesystem& files, const fs::path& state_dir,
                               std::string_view application_id, Random& random, Logger& logger)
    : files_(files), path_(folder_of(state_dir, application_id)) {
  if (Status status = files_.create_directories(path_); !status) {
    refuse(path_, std::string{status.message()} +
                      ". Set state.dir to a folder that this user may write to");
  }
  lock_ = lock_folder(files_, path_);
  const Result<std::uint64_t> id = files_.file_id(path_ / "lock");
  if (!id) refuse(path_, id.error().message());
  lock_id_ = *id;
  load_process_file(random, logger);
}

StateDirectory::~StateDirectory() = default;

void StateDirectory::clear(Filesystem& files, const fs::path& state_dir,
                           std::string_view application_id, Logger& logger) {
  const fs::path folder = folder_of(state_dir, application_id);
  const Result<std::vector<std::string>> beside = files.directories(folder.parent_path());
  if (!beside) refuse(folder, beside.error().message());
  if (std::ranges::find(*beside, folder.filename().string()) == beside->end()) return;
  const std::unique_ptr<FileLock> lock = lock_folder(files, folder);
  // A folder without our process file was never one of ours.
  const Result<std::optional<std::string>> marker = files.read(folder / "process");
  if (!marker) refuse(folder, marker.error().message());
  if (!*marker) return;
  const Result<std::vector<std::string>> stores = files.directories(folder);
  if (!stores) refuse(folder, stores.error().message());
  for (const std::string& store : *stores) {
    logger.info("deleting " + (folder / store).string());
    if (Status status = files.remove_all(folder / store); !status) {
      refuse(folder, status.message());
    }
  }
}

void StateDirectory::load_process_file(Random& random, Logger& logger) {
  const fs::path file = path_ / "process";
  const Result<std::optional<std::string>> text = files_.read(file);
  if (!text) refuse(path_, text.error().message());
  if (*text) {
    const nlohmann::json json = nlohmann::json::parse(**text, nullptr, false);
    const bool readable = json.is_object() && json.contains("processId") &&
                          json["processId"].is_string() && json.contains("lockFile") &&
                          json["lockFile"].is_number_unsigned();
    if (!readable) {
      logger.warning("state folder " + path_.string() +
                     ": the process file cannot be read; starting with a new process id");
    } else if (json["lockFile"].get<std::uint64_t>() != lock_id_) {
      logger.warning("state folder " + path_.string() +
                     " is a copy of another one; starting with a new process id");
    } else {
      process_id_ = json["processId"].get<std::string>();
      previous_threads_ = json.value("threads", 0);
    }
  }
  if (process_id_.empty()) {
    process_id_ = random_uuid(random);
    write_process_file();
  }
}

void StateDirectory::remember_threads(int threads) {
  if (threads == threads_) return;
  threads_ = threads;
  write_process_file();
}

void StateDirectory::write_process_file() {
  const nlohmann::json json{
      {"processId", process_id_}, {"lockFile", lock_id_}, {"threads", threads_}};
  if (Status status = files_.write_durably(path_ / "process", json.dump() + "\n"); !status) {
    refuse(path_, status.message());
  }
}

fs::path StateDirectory::store_path(TaskId task, std::string_view store) const {
  return path_ / to_string(task) / store;
}

std::string random_uuid(Random& random) {
  const std::uint64_t high = (random.next() & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (random.next() & ~(3ULL << 62)) | (2ULL << 62);
  std::array<char, 37> text;
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-%04llx-%04llx-%012llx",
                static_cast<unsigned long long>(high >> 32),
                static_cast<unsigned long long>((high >> 16) & 0xFFFF),
                static_cast<unsigned long long>(high & 0xFFFF),
                static_cast<unsigned long long>(low >> 48),
                static_cast<unsigned long long>(low & 0xFFFFFFFFFFFFULL));
  return text.data();
}

}  // namespace moldau::inline v0::runtime
